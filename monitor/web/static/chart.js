// Draws the overview's lines; the table below it has the same numbers without scripts.
"use strict";

(async () => {
  const place = document.querySelector("#chart");
  if (!place || !window.uPlot) return;
  const { names, rows, days } = await (await fetch(place.dataset.from)).json();
  if (!names.length || rows[0].length < 2) return;
  const style = getComputedStyle(document.documentElement);
  const ink = getComputedStyle(document.body).color;
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const hues = [212, 24, 150, 340, 48, 270, 185, 100, 0];
  const colour = (n) => (names[n] === "others" ? "gray" : `hsl(${hues[n % hues.length]} 60% ${dark ? 70 : 38}%)`);
  const line = dark ? "#33373d" : "#dcdfe3";
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "12px " + style.getPropertyValue("--sans") };
  // The days are those of the monitor's zone, wherever the browser is.
  const named = new Map(rows[0].map((at, n) => [at, new Date(days[n]).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })]));
  const day = (at) => named.get(at) ?? "";
  // The last day is named, and as many before it as there is room for.
  const ends = (chart) => {
    const room = Math.max(2, Math.floor(chart.bbox.width / devicePixelRatio / 64));
    const step = Math.ceil(rows[0].length / room);
    return rows[0].filter((_, n) => (rows[0].length - 1 - n) % step === 0);
  };
  // What is drawn across is asked for again: the address then says what is seen.
  const closer = (chart) => {
    const { left, width } = chart.select;
    if (width < 4) return;
    const at = (x) => Math.min(Math.max(Math.round(chart.posToIdx(x)), 0), days.length - 1);
    location.assign(`${place.dataset.here}&from=${days[at(left)]}&to=${days[at(left + width)]}`);
  };
  const chart = new uPlot({
    width: place.clientWidth, height: 240, padding: [null, 24, null, null],
    cursor: { drag: { x: true, y: false, setScale: false } },
    hooks: { setSelect: [closer] },
    scales: { y: { range: (u, low, high) => [0, Math.max(1, Math.ceil(high * 1.1))] } },
    axes: [{ ...axis, splits: ends, values: (u, places) => places.map(day) }, { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] }],
    series: [{ label: "Day", value: (u, at) => day(at) }, ...names.map((name, n) => ({ label: name, value: (u, count) => count ?? "", stroke: colour(n), width: 2, points: { show: rows[0].length < 40, size: 5 } }))],
  }, rows, place);
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 240 })).observe(place);
})();
