// Looks at the audit's page in a real browser: both languages, light and dark, desktop and phone width; axe-core must
// find nothing, nothing may overflow or reach outside. usage: node report.mjs PAGE FOLDER, with playwright-core and
// axe-core in NODE_MODULES and the browser in CHROMIUM.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [page_file, folder] = process.argv.slice(2);
if (!page_file || !folder) throw new Error("usage: node report.mjs PAGE FOLDER");
const require = createRequire(join(resolve(process.env.NODE_MODULES), "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const problems = [];
let looked = 0;
for (const [device, width, height] of [["desktop", 1280, 900], ["phone", 390, 844]]) {
  for (const colorScheme of ["light", "dark"]) {
    // The page forbids scripts; axe is let in past that rule, the page's own markup is not.
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) problems.push(`asks for ${request.url()}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(`console: ${message.text()}`);
    });
    await page.goto(pathToFileURL(resolve(page_file)).href);
    for (const lang of ["ja", "en"]) {
      const name = `${device}-${colorScheme}-${lang}`;
      await page.locator(`label[for=show-${lang}]`).click();
      const [shown, hidden] = lang === "ja" ? [".ja", ".en"] : [".en", ".ja"];
      if (!(await page.locator(shown).isVisible()) || (await page.locator(hidden).isVisible())) {
        problems.push(`${name}: the other language is shown`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) problems.push(`${name}: ${wide} px wider than the screen`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of found.violations) {
        const nodes = violation.nodes.map((node) => node.target.join(" ")).slice(0, 3);
        problems.push(`${name}: axe ${violation.id} (${violation.impact}): ${violation.help}: ${nodes.join(" | ")}`);
      }
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      looked += 1;
    }
    await context.close();
  }
}
await browser.close();
for (const problem of problems) console.error(problem);
console.log(`${looked} views, ${problems.length} problems; pictures in ${folder}`);
process.exit(problems.length === 0 && looked === 8 ? 0 : 1);
