/*
 * The reports of check_html.py in headless Chromium: no error on the console, nothing asked for from
 * elsewhere, figures as -T json has them, tables that sort, nothing serious that axe-core finds, with
 * and without script, wide and narrow, light and dark. Leaves pictures and printed pages.
 *
 * usage: NODE_PATH=... node check_pages.js FOLDER
 */
"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const folder = process.argv[2];
const pictures = path.join(folder, "pictures");
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const SCHEMES = ["light", "dark"];
const OPEN_MS_MAX = 5000; /* "at once", on a busy machine */

const problems = [];
function expect(what, holds, got) {
  if (!holds) problems.push(what + (got === undefined ? "" : ": " + got));
}

/* A page that keeps what must not be: messages, errors, requests. */
async function open(browser, name, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = "file://" + encodeURI(path.join(folder, name + ".html"));
  page.trouble = [];
  page.on("console", (message) => page.trouble.push(message.type() + ": " + message.text()));
  page.on("pageerror", (error) => page.trouble.push(error.message));
  page.on("dialog", (dialog) => { page.trouble.push("dialog"); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:"))
      page.trouble.push("request: " + request.url());
  });
  const begin = Date.now();
  await page.goto(url);
  page.openMs = Date.now() - begin;
  return page;
}

async function close(page, what) {
  expect(what + ": no trouble", page.trouble.length === 0, page.trouble.join("; "));
  await page.context().close();
}

/* ---- figures ---- */

const value = (page, selector) => page.$eval(selector + " data", (data) => data.value);

function columns(page, table, column) {
  return page.$$eval(`#${table} > tbody > tr`, (rows, at) => rows.map((row) => {
    const data = row.cells[at].querySelector("data");
    return data ? data.value : row.cells[at].textContent.trim();
  }), column);
}

async function checkFigures(page, name, report) {
  const totals = report.totals;
  const costOf = (cost) => (cost === null ? -1 : cost);
  expect(name + ": frames", Number(await value(page, "#frames-total")) === report.frames.total);
  if (report.destinations.length === 0) return;
  expect(name + ": bytes", Number(await value(page, "#total-bytes")) === totals.billable_bytes);
  if (totals.cost_usd !== null)
    expect(name + ": cost", Number(await value(page, "#total-cost")) === totals.cost_usd,
      await value(page, "#total-cost"));
  const rows = report.destinations;
  const costs = (await columns(page, "rows", 1)).map(Number);
  const bytes = (await columns(page, "rows", 2)).map(Number);
  expect(name + ": rows", costs.length === rows.length, costs.length);
  expect(name + ": cost of each row",
    rows.every((row, i) => costOf(row.cost_usd) === costs[i]));
  expect(name + ": bytes of each row", rows.every((row, i) => row.billable_bytes === bytes[i]));
  const shown = (await columns(page, "rows", 0));
  expect(name + ": address of each row", rows.every((row, i) => shown[i].startsWith(row.address)));
  const sum = await page.$$eval("#sum data", (found) => found.map((data) => Number(data.value)));
  expect(name + ": bytes of the sum", sum[1] === totals.billable_bytes);
  const classes = (await columns(page, "classes", 1)).map(Number).sort((a, b) => a - b);
  expect(name + ": classes", JSON.stringify(classes) === JSON.stringify(
    report.classes.map((one) => one.billable_bytes).sort((a, b) => a - b)));
  const findings = await page.$$eval(".findings li", (found) => found.map((one) => one.id));
  expect(name + ": findings", findings.every((id) =>
    report.findings.some((one) => "finding-" + one.id === id)), findings.join(" "));
  if (name === "sample") /* half of its frames are copies, tests/sample/vm_capture.py */
    expect(name + ": it finds the copies", findings.includes("finding-copies"));
  if (report.projection.reason === null) {
    expect(name + ": cost of a month",
      Number(await value(page, "#month-cost")) === report.projection.cost_usd);
    expect(name + ": bytes of a month",
      Number(await value(page, "#month-bytes")) === report.projection.billable_bytes);
  }
  const times = await columns(page, "times", 1).catch(() => []);
  if (times.length)
    expect(name + ": bytes over time", times.reduce((all, one) => all + Number(one), 0) ===
      report.interval.billable_bytes.reduce((all, one) => all + one, 0));
}

/* ---- sorting ---- */

function isSorted(values, down, language) {
  const numbers = values.every((one) => one !== "" && !Number.isNaN(Number(one)));
  const compare = numbers ? (a, b) => Number(a) - Number(b)
    : (a, b) => a.localeCompare(b, language, { numeric: true });
  return values.every((one, i) => i === 0 || (down ? compare(values[i - 1], one) >= 0
    : compare(values[i - 1], one) <= 0));
}

async function checkSorting(page, name) {
  const foot = await page.$eval("#rows tfoot", (tfoot) => tfoot.textContent);
  const heads = await page.$$("#rows thead th");
  const language = await page.$eval("html", (html) => html.lang);
  for (let column = 0; column < heads.length; column++) {
    for (let turn = 0; turn < 2; turn++) {
      if (turn === 0) await heads[column].$("button").then((button) => button.click());
      else { /* by keyboard */
        await heads[column].$("button").then((button) => button.focus());
        await page.keyboard.press("Enter");
      }
      const sorted = await heads[column].getAttribute("aria-sort");
      expect(`${name}: column ${column} says how it is sorted`,
        sorted === "ascending" || sorted === "descending", sorted);
      expect(`${name}: column ${column} is sorted, ${sorted}`,
        isSorted(await columns(page, "rows", column), sorted === "descending", language));
    }
  }
  expect(name + ": one column is the sorted one",
    (await page.$$("#rows thead th[aria-sort]")).length === 1);
  expect(name + ": sums stay below", await page.$eval("#rows tfoot", (t) => t.textContent) === foot);
  expect(name + ": sorting is told",
    (await page.$eval("[role=status]", (status) => status.textContent)) !== "");
}

/* ---- what others put in does nothing ---- */

async function checkPolicy(page, name) {
  expect(name + ": scripts", (await page.$$("script")).length === 2);
  expect(name + ": no elements of others",
    (await page.$$("img, iframe, object, embed, form, base, [onerror]")).length === 0);
  const before = page.trouble.length;
  const done = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.others = 1";
    document.body.appendChild(script);
    const image = document.createElement("img");
    image.src = "http://127.0.0.1:9/x.png";
    image.setAttribute("onerror", "window.others = 2");
    document.body.appendChild(image);
    const style = document.createElement("style");
    style.textContent = "h1 { display: none }";
    document.head.appendChild(style);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return [window.others, getComputedStyle(document.querySelector("h1")).display];
  });
  expect(name + ": the policy stops scripts of others", done[0] === undefined, done[0]);
  expect(name + ": and styles", done[1] === "block", done[1]);
  page.trouble.length = before; /* Chromium tells of each that it stopped */
}

/* Of what a browser shows: no control, and no mark that turns text around, but names that are some. */
async function checkNames(page, name, report) {
  const shown = await page.evaluate(() => document.title + document.body.innerText);
  const unseen = shown.match(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g);
  expect(name + ": no letter that is not shown", unseen === null, escape(String(unseen)));
  expect(name + ": the good name is shown", shown.includes("good.example"));
  expect(name + ": no other is", !/evil|live\.ex/.test(shown));
  expect(name + ": its data has one", JSON.stringify(report.destinations).includes("good.example"));
}

/* ---- how it looks ---- */

async function checkAccess(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const one of found.violations)
    if (one.impact === "serious" || one.impact === "critical")
      problems.push(`${what}: axe: ${one.id}: ${one.help}: ` +
        one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", "));
}

async function checkLooks(browser, name) {
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of SCHEMES) {
      const what = `${name} ${size} ${colorScheme}`;
      const page = await open(browser, name, { viewport, colorScheme });
      expect(what + ": no wider than the screen",
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      if (size === "desktop")
        expect(what + ": tables are no wider than the page", await page.$$eval(".scroll", (all) =>
          all.every((one) => one.scrollWidth <= one.clientWidth)));
      const dark = await page.evaluate(() => {
        const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor
          .match(/\d+/g).map(Number);
        return r + g + b < 384;
      });
      expect(what + ": its colours", dark === (colorScheme === "dark"));
      await page.screenshot({ path: path.join(pictures, what.replace(/ /g, "-") + ".png"),
        fullPage: true });
      await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
      await checkAccess(page, what);
      await close(page, what);
    }
}

/* 320 CSS pixels: a small phone, or a desktop at 400 % (WCAG 1.4.10). A figure of ten digits is not
   broken inside, and a table that goes on behind the edge of its frame says so by a shade. */
async function checkNarrow(browser, name) {
  const page = await open(browser, name, { viewport: { width: 320, height: 640 } });
  expect(name + ": no wider than a small screen",
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const broken = await page.$$eval(".figures dd data", (all) => {
    all.forEach((one) => { one.textContent = "$0.0000000238"; });
    const lines = all.map((one) => one.getClientRects().length);
    return [Math.max(...lines), document.documentElement.scrollWidth <= innerWidth];
  });
  expect(name + ": a figure is on one line", broken[0] === 1 && broken[1], broken);
  const bare = await page.$$eval(".scroll", (all) => all.filter((one) =>
    one.scrollWidth > one.clientWidth &&
    !/local.*scroll/.test(getComputedStyle(one).backgroundAttachment)).length);
  expect(name + ": tables that go on say so", bare === 0, bare);
  await close(page, name + " narrow");
}

async function checkPrint(browser, name) {
  const page = await open(browser, name, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  expect(name + ": paper is white", await page.evaluate(() =>
    getComputedStyle(document.documentElement).backgroundColor) === "rgb(255, 255, 255)");
  const pdf = await page.pdf({ path: path.join(pictures, name + ".pdf"), preferCSSPageSize: true,
    printBackground: true });
  expect(name + ": it prints", pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 10000);
  await close(page, name + " printed");
}

async function checkWithoutScript(browser, name, report) {
  const page = await open(browser, name, { javaScriptEnabled: false });
  const rows = await page.locator("#rows > tbody > tr").count();
  expect(name + ": rows without script", rows === report.destinations.length, rows);
  expect(name + ": no buttons without script", await page.locator("th button").count() === 0);
  await close(page, name + " without script");
}

/* The first stop of the Tab key leads past the contents. */
async function checkKeyboard(page, name) {
  await page.keyboard.press("Tab");
  expect(name + ": a skip link", await page.evaluate(() =>
    document.activeElement.className === "skip" &&
    document.activeElement.getBoundingClientRect().left >= 0));
  await page.keyboard.press("Enter");
  expect(name + ": it skips", await page.evaluate(() => document.activeElement.id === "main"));
}

async function checkReport(browser, name) {
  const report = JSON.parse(fs.readFileSync(path.join(folder, name + ".json"), "utf8"));
  const page = await open(browser, name, { viewport: SIZES.desktop });
  expect(`${name}: opens at once`, page.openMs < OPEN_MS_MAX, page.openMs + " ms");
  await checkFigures(page, name, report);
  await checkKeyboard(page, name);
  if (name === "names") await checkNames(page, name, report);
  if (report.destinations.length) await checkSorting(page, name);
  await checkPolicy(page, name);
  await close(page, name);
  await checkWithoutScript(browser, name, report);
}

async function main() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "egshark-browser."));
  fs.mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    env: { ...process.env, HOME: profile },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const names = fs.readdirSync(folder).filter((file) => file.endsWith(".html"))
      .map((file) => file.slice(0, -5)).sort();
    expect("there are reports", names.includes("sample") && names.includes("names") &&
      names.length >= 5, names.join(" "));
    for (const name of names) await checkReport(browser, name);
    for (const name of names.filter((one) => one === "sample" || one === "azure-vm")) {
      await checkLooks(browser, name);
      await checkNarrow(browser, name);
      await checkPrint(browser, name);
    }
    console.log(problems.length ? problems.join("\n") : names.join(", ") + ": as they should be");
  } finally {
    await browser.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
  process.exitCode = problems.length ? 1 : 0;
}

main();
