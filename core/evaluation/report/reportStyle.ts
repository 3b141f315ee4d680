/** Colours of the lab, light and dark by the system's setting; light on paper. */
const LIGHT = `--bg:#eef1f4;--panel:#ffffff;--line:#d9dfe6;--text:#18202a;--dim:#4d5868;--accent:#0b6ca6;--right:#0b6ca6;--wrong:#c2570c;`;
const DARK = `--bg:#0f1216;--panel:#161a20;--line:#2a313b;--text:#e7ebf0;--dim:#98a3b2;--accent:#7cc8f5;--right:#4fa9de;--wrong:#f0984a;`;

/** The style sheet of the report. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans CJK SC',sans-serif}
main{max-width:1240px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:24px;line-height:1.25;margin:0 0 12px;overflow-wrap:anywhere}
h2{font-size:16px;margin:0 0 12px}
p{margin:0 0 10px;max-width:80ch;overflow-wrap:anywhere}
section{background:var(--panel);border:1px solid var(--line);border-radius:9px;padding:18px 20px;margin-top:16px}
.beside{display:flex;flex-wrap:wrap;gap:0 16px;align-items:stretch}
.beside>section{flex:1 1 360px;min-width:0}
.dim{color:var(--dim)}
.headline{font-size:17px;margin:14px 0 0;max-width:90ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;margin-top:18px}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:9px;padding:12px 16px}
.tile b{display:block;font-size:26px;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
.tile span{display:block;color:var(--dim);font-size:13px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px}
th,td{text-align:left;padding:4px 18px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--dim);font-weight:500;white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
svg{display:block;max-width:100%;height:auto}
svg text{fill:var(--text);font-size:11px;font-variant-numeric:tabular-nums}
svg .dim{fill:var(--dim)}
svg .cell{paint-order:stroke;stroke:var(--panel);stroke-width:3px;stroke-opacity:.65}
svg .right{fill:var(--right)}
svg .wrong{fill:var(--wrong)}
svg .bar{fill:var(--accent);fill-opacity:.35}
svg .count{fill:var(--dim);fill-opacity:.45}
svg .grid{stroke:var(--line)}
svg .line{stroke:var(--dim);fill:none}
svg .mark{stroke:var(--accent);stroke-width:2;fill:none}
.images{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:14px}
figure{margin:0;min-width:0}
.picture{aspect-ratio:1;background:var(--bg);border:1px solid var(--line);border-radius:7px;display:flex;align-items:center;justify-content:center;overflow:hidden;color:var(--dim);font-size:12px}
.picture img{width:100%;height:100%;object-fit:contain;image-rendering:auto}
figcaption{font-size:12px;margin-top:5px;overflow-wrap:anywhere}
figcaption span{display:block;color:var(--dim)}
footer{color:var(--dim);font-size:12px;margin-top:18px}
@media print{:root{color-scheme:light}body{background:#fff}main{max-width:none;padding:0}section,.tile{border-color:#ccc}section,figure,tr{break-inside:avoid}section.long{break-inside:auto}.images{grid-template-columns:repeat(6,1fr)}}
`;
