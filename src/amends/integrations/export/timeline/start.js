// The page that stands alone: takes the payload out of its data blocks and shows it.

import { mount } from "./page.js";

const read = (part) => JSON.parse(part.textContent);
const blocks = document.querySelectorAll("script.amends-block");
const payload = {...read(document.getElementById("amends-head")), entries: Array.from(blocks, read)};
for (const block of blocks) block.remove();
performance.mark("amends:read");
mount(document.getElementById("amends-timeline"), payload, {keys: document, links: true});
performance.mark("amends:mounted");
requestAnimationFrame(() => setTimeout(() => performance.mark("amends:shown")));
