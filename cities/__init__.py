"""City packs (도시 자료): what one municipality is made of, and the reader that checks it."""
