/* Tide-table widget: adds the latest nearby reading. No cookies, one request, shape + text + colour. */
(async (node) => {
  const { lat, lon } = node.dataset;
  const reading = await (await fetch(`https://api.tidepool.example/near?lat=${lat}&lon=${lon}`)).json();
  const days = Math.floor((Date.now() / 1000 - reading.at) / 86400);
  const shape = { clear: "○", ask: "△", stay_out: "■" }[reading.state];
  node.textContent = days > 7 ? "Nobody has measured for a week. Will you?" : `${shape} ${reading.text}, ${days} d ago`;
})(document.currentScript.previousElementSibling);
