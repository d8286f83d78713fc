// Asks the server as any other client does; texts from files and answers are never taken for markup.
const byId = (id) => document.getElementById(id);
const [select, about, status, answers, drop, file] = ['model', 'about', 'status', 'answers', 'drop', 'file'].map(byId);
let models = [];

function tell(text, bad = false) {
  status.textContent = text;
  status.className = bad ? 'bad' : '';
}

const headers = () => (byId('key').value ? { authorization: `Bearer ${byId('key').value}` } : {});

async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  if (response.status === 401) byId('key-row').hidden = false;
  throw new Error(body.error?.message ?? `The server answered ${response.status}`);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(picture, name, answer) {
  const row = element('li', undefined, 'picture');
  const image = element('img');
  image.alt = '';
  image.src = URL.createObjectURL(picture);
  image.onload = () => URL.revokeObjectURL(image.src);
  image.onerror = () => image.replaceWith(element('span', undefined, 'none'));
  const words = element('div');
  words.append(element('h3', name));
  if (answer.error) words.append(element('p', answer.error));
  else {
    const list = element('dl');
    for (const { class: label, probability } of answer.top) {
      const line = element('div');
      const bar = element('span', undefined, 'bar');
      bar.style.width = `${100 * probability}%`;
      line.append(bar, element('dt', label), element('dd', `${(100 * probability).toFixed(1)} %`));
      list.append(line);
    }
    words.append(list);
    if (answer.unknown) words.append(element('p', 'Too unsure: unknown.', 'quiet'));
    if (answer.heatmap) {
      const why = element('img');
      why.alt = `Where the model found ${answer.heatmap.class}`;
      why.src = `data:${answer.heatmap.type};base64,${answer.heatmap.data}`;
      row.append(why);
    }
  }
  row.prepend(image, words);
  answers.prepend(row);
}

async function classify(pictures) {
  let classified = 0;
  for (const [i, picture] of pictures.entries()) {
    tell(`Classifying ${i + 1} of ${pictures.length}`);
    const name = picture.name || 'pasted picture';
    try {
      const type = picture.type.startsWith('image/') ? picture.type : 'application/octet-stream';
      const path = `v1/models/${encodeURIComponent(select.value)}:classify?top=5&heatmap=${byId('why').checked}`;
      show(picture, name, await ask(path, { method: 'POST', body: picture, headers: { 'content-type': type } }));
      classified++;
    } catch (error) {
      show(picture, name, { error: error.message });
    }
  }
  tell(
    classified === pictures.length
      ? `${classified} ${classified === 1 ? 'picture' : 'pictures'} classified`
      : `${classified} of ${pictures.length} pictures classified`,
    classified < pictures.length,
  );
}

function describe() {
  const model = models.find(({ name }) => name === select.value);
  if (!model) return;
  const { height, width, channels } = model.input;
  const classes = model.classes.length > 12 ? `${model.classes.slice(0, 12).join(', ')}, …` : model.classes.join(', ');
  about.textContent = `${model.classes.length} classes (${classes}); pictures of any size, brought to ${height}x${width} in ${channels === 1 ? 'grey' : 'colour'}; computed by ${model.engine}`;
  const address = `${location.origin}/v1/models/${encodeURIComponent(model.name)}:classify`;
  byId('command').textContent = `curl --data-binary @picture.jpg -H 'content-type: image/jpeg' '${address}'`;
}

async function load() {
  try {
    ({ models } = await ask('v1/models'));
    select.replaceChildren(...models.map(({ name }) => new Option(name, name)));
    describe();
    tell('');
  } catch (error) {
    tell(error.message, true);
  }
}

select.addEventListener('change', describe);
byId('key').addEventListener('change', load);
byId('ask').addEventListener('submit', (event) => event.preventDefault());
file.addEventListener('change', () => classify([...file.files]).then(() => (file.value = '')));
for (const name of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', name === 'dragover');
    if (name === 'drop') classify([...event.dataTransfer.files]);
  });
}
document.addEventListener('paste', (event) => {
  const pasted = [...event.clipboardData.files];
  if (pasted.length > 0) classify(pasted);
});
load();
