// A load from a process of its own: load.mjs PICTURE URL CONNECTIONS SECONDS; prints what came of it as JSON.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [picture, url, connections, duration] = process.argv.slice(2);
const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(duration),
  timeout: 40,
  method: 'POST',
  headers: { 'content-type': 'image/png' },
  body: readFileSync(picture),
});
process.stdout.write(JSON.stringify(result));
