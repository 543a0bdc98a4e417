// Sharing the phone's location, once, when the person asks for it.

export function startPlace(button, asking, send, denied) {
  if (!navigator.geolocation) {
    button.hidden = true;
    return;
  }
  button.onclick = () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    asking();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.ariaBusy = "false";
        send({ latitude: coords.latitude, longitude: coords.longitude });
      },
      () => {
        button.ariaBusy = "false";
        denied();
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  };
}
