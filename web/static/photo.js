// Choosing a picture. It is made smaller here already: less to send, and the camera's notes stay behind.

const MOST_BYTES = 12 * 1024 * 1024;
const MOST_SIDE = 2048;

export function startPhoto(button, input, send, tooLarge) {
  button.onclick = () => input.click();
  input.onchange = async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const picture = await smaller(file);
    if (picture.size > MOST_BYTES) tooLarge();
    else send(picture);
  };
}

async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MOST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return (await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88))) ?? file;
  } catch {
    // Not a picture this browser knows: the server looks at it and says so.
    return file;
  }
}
