import { pageStyle } from './style.ts';

/** Nothing may be asked for, whatever a name smuggles in. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A whole page that holds everything it shows. @param title and body are HTML already; `body` has an element `main` with
 * the id `found`. @param style what the page adds to the common look.
 */
export const reportPage = (title: string, body: string, style = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<a class="skip" href="#found">Go to what was found</a>
${body}
</body>
</html>
`;
