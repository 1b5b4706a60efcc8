"""A real browser, without a window: pictures of a page, its print, and what it measures of it."""
import pathlib
import html
import shutil
import struct
import subprocess
import zlib

BROWSER = next((found for found in map(shutil.which, ("chromium", "chromium-browser",
                                                      "google-chrome")) if found), None)
LIMIT_S = 60

# Of each frame, in the order of the document: what is out of place, and how large the text is.
MEASURE = """
<script>
function measure(frame) {
  const page = frame.contentDocument, root = page.documentElement;
  const result = {width: root.clientWidth, content: root.scrollWidth, outside: [], drawn: {},
                  smallest: 1000};
  for (const svg of page.querySelectorAll("svg")) {
    const kind = svg.classList[0], box = svg.viewBox.baseVal;
    const scale = svg.getBoundingClientRect().width / box.width;
    for (const part of svg.querySelectorAll("line, text, circle, path")) {
      if (part.closest("defs")) continue;
      const at = part.getBBox();
      const name = kind + " " + part.tagName;
      result.drawn[name] = (result.drawn[name] || 0) + 1;
      if (part.tagName == "text") {
        const size = parseFloat(frame.contentWindow.getComputedStyle(part).fontSize) * scale;
        result.smallest = Math.min(result.smallest, size);
      }
      if (at.x < box.x - 1 || at.y < box.y - 1 || at.x + at.width > box.x + box.width + 1 ||
          at.y + at.height > box.y + box.height + 1) {
        result.outside.push(name + " " + part.textContent);
      }
    }
  }
  return result;
}
addEventListener("load", () => {
  const results = [...document.querySelectorAll("iframe")].map(measure);
  const pre = document.createElement("pre");
  pre.id = "measured";
  pre.textContent = JSON.stringify(results);
  document.body.append(pre);
});
</script>
"""


def browse(profile, page, *options):
    """One start of the browser with a profile of its own; what it printed."""
    return subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", f"--user-data-dir={profile}", *options, pathlib.Path(page).as_uri()],
        capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout


def framed(page, widths):
    """A page that shows another one in frames of these widths, each with its own layout."""
    source = html.escape(pathlib.Path(page).read_text(encoding="utf-8"), quote=True)
    frames = "".join(f'<iframe srcdoc="{source}" style="width:{width}px; height:900px; border:0">'
                     "</iframe>" for width in widths)
    return f"<!doctype html><html><body>{frames}{MEASURE}</body></html>"


def pixels(path):
    """Width, and the rows of a PNG of 8 bits a channel, each a bytes of RGB or RGBA."""
    data = pathlib.Path(path).read_bytes()
    at, packed, width, channels = 8, b"", 0, 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, _, depth, colours = struct.unpack(">IIBB", body[:10])
            channels = {2: 3, 6: 4}[colours]
            if depth != 8:
                raise ValueError(f"{path}: {depth} bits a channel")
        if kind == b"IDAT":
            packed += body
        at += size + 12
    return width, channels, unfiltered(zlib.decompress(packed), width * channels, channels)


def unfiltered(raw, stride, step):
    rows, before = [], bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        kind, row = raw[start], bytearray(raw[start + 1:start + 1 + stride])
        if kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, before))
        elif kind != 0:
            for i in range(stride):
                left = row[i - step] if i >= step else 0
                corner = before[i - step] if i >= step else 0
                row[i] = (row[i] + predicted(kind, left, before[i], corner)) & 255
        rows.append(bytes(row))
        before = row
    return rows


def predicted(kind, left, above, corner):
    if kind == 1:
        return left
    if kind == 3:
        return (left + above) // 2
    guess = left + above - corner  # Paeth
    return min((left, above, corner), key=lambda candidate: abs(guess - candidate))
