// What pages do beyond showing: keys, the pill that says what is new, copying, unread marks.
// Everything here is an addition: each page works without it.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Under which path of its host the site is: "" for none.
const ROOT = $(".top .name")?.pathname.replace(/\/$/, "") ?? "";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = $('meta[name="csrf"]').content;
});

document.addEventListener("submit", (event) => {
  const sure = event.submitter?.dataset.sure ?? event.target.dataset.sure;
  if (sure && !window.confirm(sure)) event.preventDefault();
});

// What is refused is said above the form, which keeps all that was written into it.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !form.matches(".editor, .filters") || event.submitter?.matches("[data-page]")) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  for (const button of all("button", form)) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "X-In-Place": "yes", "HX-Request": "true" } });
    const where = answer.headers.get("X-Where");
    if (where) { location.assign(where); return; }
    let said = $(".refused", form);
    if (!said) { said = document.createElement("p"); said.setAttribute("role", "alert"); form.prepend(said); }
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    said.className = $(".refused", told)?.className || "refused";
    said.textContent = $(".refused", told)?.textContent || `It was not done: the monitor answered ${answer.status}.`;
    said.scrollIntoView({ block: "nearest" });
  } catch {
    event.submitter?.setAttribute("data-page", "");
    form.requestSubmit(event.submitter);
  } finally {
    for (const button of all("button", form)) button.disabled = false;
  }
});

// What a reader says of an alert is answered beside it.
$("#judge")?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || button.matches("[data-page]")) return;
  event.preventDefault();
  try {
    const body = new URLSearchParams(new FormData(event.target, button));
    const answer = await fetch(button.formAction, { method: "POST", body, headers: { "HX-Request": "true" } });
    const outcome = $(".outcome", button.closest(".acts"));
    outcome.innerHTML = await answer.text();
    // The button that took it back is gone, and the focus with it.
    if (button.matches("[data-undo]")) (outcome.closest(".story") || $("#main")).focus({ preventScroll: true });
  } catch {
    button.setAttribute("data-page", "");
    event.target.requestSubmit(button);
  }
});

// Where the menu is wider than the window, arrows and a fading end say at which side it goes on.
const menu = $(".top nav");
if (menu) {
  const arrows = all("[data-go]");
  const look = () => {
    const more = { "-1": menu.scrollLeft > 1, "1": menu.scrollLeft + menu.clientWidth < menu.scrollWidth - 1 };
    for (const arrow of arrows) {
      arrow.hidden = !more["-1"] && !more["1"];
      arrow.classList.toggle("off", !more[arrow.dataset.go]);
    }
    menu.dataset.more = `${more["-1"] ? "left " : ""}${more["1"] ? "right" : ""}`;
  };
  for (const arrow of arrows) arrow.addEventListener("click", () => menu.scrollBy({ left: arrow.dataset.go * menu.clientWidth * 0.7, behavior: "smooth" }));
  menu.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(menu);
  look();
}
$("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
for (const hidden of all("[data-scripted]")) hidden.hidden = false;

// What is chosen from a list with the pointer counts at once. With keys every step through the
// list is a choice: there the button comes, and only it counts.
for (const form of all("form[data-auto]")) {
  const buttons = all("button", form);
  let byKeys = false;
  for (const button of buttons) button.hidden = true;
  form.addEventListener("pointerdown", () => { byKeys = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Tab" || event.key === "Shift") return;
    byKeys = true;
    for (const button of buttons) button.hidden = false;
  });
  form.addEventListener("focusin", () => { for (const button of buttons) button.hidden = false; });
  form.addEventListener("change", (event) => { if (!byKeys && event.target.matches("select")) form.requestSubmit(); });
}

// A file that is chosen is put where its text could have been pasted.
document.addEventListener("change", async (event) => {
  const where = event.target.dataset?.into;
  if (where && event.target.files?.length) document.getElementById(where).value = await event.target.files[0].text();
});

// Keys ---------------------------------------------------------------------------------------

let before = "";

function stories() { return all(".story"); }

function move(by) {
  const list = stories();
  if (!list.length) return;
  const at = list.indexOf(document.activeElement.closest?.(".story"));
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  next.focus({ preventScroll: true });
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  next.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

function current() { return document.activeElement.closest?.(".story") || (stories().length ? null : document); }

const GO = { t: "/", s: "/search", r: "/rules", o: "/sources", c: "/channels" };

function go(path) { location.assign(ROOT + path); }

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // A dialog that has just closed may still have the focus: its keys are the page's again.
  if (event.target.closest("input, textarea, select, dialog[open]")) return;
  const key = event.key;
  if (before === "g" && GO[key]) { before = ""; go(GO[key]); return; }
  before = key;
  const story = current();
  const act = {
    "j": () => move(1),
    "k": () => move(-1),
    "/": () => { const box = $('input[type="search"]'); box ? box.focus() : go("/search"); },
    "?": () => $("#keys").showModal(),
    "r": () => $("#arrivals:not([hidden])")?.click(),
    "o": () => story && $("[data-original]", story)?.click(),
    "c": () => story && $("[data-copy]", story)?.click(),
    "u": () => story && $("[form='judge'][value='useful']", story)?.click(),
    "n": () => story && $("[form='judge'][value='noise']", story)?.click(),
    "s": () => story && $("[data-silence]", story)?.click(),
    "m": () => story && $("[formaction$='/mute']", story)?.click(),
    "z": () => story && all(".outcome [data-undo]", story).at(-1)?.click(),
    "x": () => story && $("[formaction$='/wrong']", story)?.click(),
    "Enter": () => event.target.matches(".story") && $("[data-open]", event.target)?.click(),
  }[key];
  if (act) { act(); if (key !== "Enter" || event.target.matches(".story")) event.preventDefault(); }
});

document.addEventListener("click", (event) => {
  const help = event.target.closest("[data-help]");
  if (help) $("#keys").showModal();
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const link = copy.dataset.copy || $("[data-original]", copy.closest(".story") || document).href;
    navigator.clipboard?.writeText(link).then(() => {
      const text = copy.textContent;
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = text; }, 1500);
    });
  }
  if (event.target.closest("[data-back]") && history.length > 1) { event.preventDefault(); history.back(); }
});

// What is new --------------------------------------------------------------------------------

const pill = $("#arrivals");
if (pill && "EventSource" in window) {
  const shown = Number(pill.dataset.newest);
  const live = new EventSource(`${ROOT}/live`);
  live.addEventListener("newest", (event) => {
    const count = Number(event.data) - shown;
    pill.hidden = count <= 0;
    pill.textContent = `${count} new`;
    document.title = count > 0 ? `(${count}) Today · Monitor` : "Today · Monitor";
  });
  pill.addEventListener("click", () => location.reload());
  window.addEventListener("pagehide", () => live.close());
}

// Unread, kept by this browser alone ---------------------------------------------------------

if (pill) {
  let read = 0;
  try { read = Number(localStorage.getItem("read") || 0); } catch { /* not allowed: all is read */ }
  const fresh = stories().filter((story) => Number(story.dataset.seq) > read);
  for (const story of fresh) story.classList.add("unread");
  if (fresh.length && read) { const text = $("#unread"); text.hidden = false; text.textContent = `${fresh.length} since you last looked`; }
  try { localStorage.setItem("read", String(Math.max(read, Number(pill.dataset.newest)))); } catch { /* so be it */ }
}
