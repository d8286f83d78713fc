import { describe, expect, it } from 'vitest';
import { classFolderFiles, type Files, listFiles, png, text } from '../../../../tests/hostile/fixtures.ts';

import { readFiles, summary } from '../../../../tests/hostile/read.ts';
import { FoveaError } from '../../errors.ts';

const understood = async (files: Files, only?: string) => summary(await readFiles(files, only));

async function refusal(files: Files, only?: string): Promise<string> {
  const error = await readFiles(files, only).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FoveaError);
  expect((error as Error).message).not.toMatch(/\n/);
  return (error as Error).message;
}

describe('lists', () => {
  const rows = ['train cat images/a.png', 'train dog images/b.png', 'test cat images/c.png', 'test dog images/d.png'];
  it.each([
    [
      'with a header',
      'labels.csv',
      'path,label,split\nimages/a.png,cat,train\nimages/b.png,dog,train\nimages/c.png,cat,test\nimages/d.png,dog,test\n',
    ],
    [
      'with a header in other words and order',
      'x.csv',
      'Class Name;Subset;File Name;width\ncat;Training;images/a.png;4\ndog;Training;images/b.png;4\ncat;Eval;images/c.png;4\ndog;Eval;images/d.png;4',
    ],
    [
      'without a header',
      'list.tsv',
      'images/a.png\tcat\ttrain\nimages/b.png\tdog\ttrain\nimages/c.png\tcat\ttest\nimages/d.png\tdog\ttest\n',
    ],
    [
      'label first, without a header',
      'list.csv',
      'cat,images/a.png,train\ndog,images/b.png,train\ncat,images/c.png,test\ndog,images/d.png,test\n',
    ],
    [
      'with the paths of another machine',
      'l.csv',
      'file,label,split\nC:\\me\\images\\a.png,cat,train\nC:\\me\\images\\b.png,dog,train\n/home/me/images/c.png,cat,test\nimages/d.png,dog,test',
    ],
    ['with bare names without an ending', 'l.csv', 'id,breed,split\na,cat,train\nb,dog,train\nc,cat,test\nd,dog,test'],
  ])('%s', async (_, name, content) => {
    const found = await understood(listFiles(name, content));
    expect(found).toMatchObject({ kind: 'list', classNames: ['cat', 'dog'], pictures: rows, skipped: [] });
  });

  it('as JSON lines beside the pictures, as Hugging Face has them', async () => {
    const files = {
      'train/metadata.jsonl': text('{"file_name":"1.png","label":"cat"}\n{"file_name":"2.png","label":"dog"}\n'),
      'train/1.png': png(1, 1, 1),
      'train/2.png': png(1, 1, 1),
    };
    expect(await understood(files)).toMatchObject({
      kind: 'list',
      pictures: ['train cat train/1.png', 'train dog train/2.png'],
    });
  });

  it('one a part, numbers named after folders, the list of all left out', async () => {
    const { pictures, notes, classNames } = await understood({
      'set/cat/cat1.png': png(1, 1, 1),
      'set/cat/cat2.png': png(1, 1, 1),
      'set/dog/dog1.png': png(1, 1, 1),
      'set/dog/dog2.png': png(1, 1, 1),
      'info/all.txt': text('cat1.png 2\ncat2.png 2\ndog1.png 1\ndog2.png 1\n'),
      'info/files_train.txt': text('cat1.png 2\ndog1.png 1\n'),
      'info/files_test.txt': text('cat2.png 2\ndog2.png 1\n'),
    });
    expect(classNames).toEqual(['cat', 'dog']);
    expect(pictures).toEqual([
      'train cat set/cat/cat1.png',
      'train dog set/dog/dog1.png',
      'test cat set/cat/cat2.png',
      'test dog set/dog/dog2.png',
    ]);
    expect(notes).toContain('Class numbers are named after the folders in which their pictures lie.');
    expect(notes).toContain("Left out 'all.txt', which names no parts.");
  });

  it('keeps groups, names numbers from classes.txt, tells of lines that mean nothing', async () => {
    const { pictures, skipped, notes } = await understood({
      ...listFiles(
        'labels.csv',
        'path,label,group\nimages/a.png,1,p1\nimages/b.png,2,p1\nimages/b.png,2,p1\nimages/c.png,1,p2\nimages/c.png,2,p2\nimages/gone.png,1,p2\n../images/a.png,1,p3\nimages/d.png,,p3\n',
      ),
      'classes.txt': text('red\ngreen\n'),
    });
    expect(pictures).toEqual(['train red images/a.png p1', 'train green images/b.png p1', 'train red images/c.png p2']);
    expect(skipped).toEqual([
      {
        origin: 'images/c.png',
        reason:
          "listed as '1' (train, line 5 of 'labels.csv') and again as '2' (train, line 6 of 'labels.csv'), the first counts",
      },
      { origin: 'images/gone.png', reason: "named in line 7 of 'labels.csv', and no picture there" },
      { origin: '../images/a.png', reason: "named in line 8 of 'labels.csv', a path that leads out of the data" },
      { origin: 'images/d.png', reason: "without a label in line 9 of 'labels.csv'" },
    ]);
    expect(notes).toEqual(
      expect.arrayContaining([
        "'labels.csv': path from 'path', label from 'label', group from 'group'.",
        '1 lines name a picture that is listed before, with the same label.',
        "Class names from 'classes.txt', counted from 1.",
        'Left out 1 of 4 pictures that no list names.',
        '2 groups of pictures.',
      ]),
    );
  });

  it('a table about something else is no list', async () => {
    const files = {
      ...classFolderFiles,
      'predictions.csv': text('file,class 1,probability 1\ntrain/cat/1.png,dog,0.5\n'),
      'log.txt': text('epoch 1\nepoch 2\n'),
    };
    expect((await understood(files)).kind).toBe('class-folders');
  });

  it('is found among a text for each picture', async () => {
    const texts = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`boxes/${i}.txt`, text('0 0.5 0.5 1 1')]));
    const found = await understood({
      ...texts,
      ...listFiles('labels.csv', 'path,label\nimages/a.png,x\nimages/b.png,y\n'),
    });
    expect(found).toMatchObject({ kind: 'list', pictures: ['train x images/a.png', 'train y images/b.png'] });
  });

  it('says why a list was not taken', async () => {
    expect(
      (
        await understood({
          ...classFolderFiles,
          'labels.csv': text('path,label\nx.png,cat\ny.png,dog\ntrain/cat/1.png,dog\n'),
        })
      ).notes,
    ).toContain("Not read as a list: 'labels.csv', since 1 of its 3 lines name a picture that is here.");
    expect(await refusal(listFiles('labels.jsonl', '{"path":"images/a.png","label":"x"}\n{oops'))).toMatch(
      /at least 2 class folders .*\. Not read as a list: Expected a JSON object for line 2 of 'data\/labels\.jsonl' but received other text/,
    );
  });

  it.each([
    [
      'an unknown part',
      'path,label,split\nimages/a.png,cat,train\nimages/b.png,dog,holdout\n',
      /Expected train, val or test for line 3 of 'data\/labels\.csv' but received 'holdout'/,
    ],
    [
      'one class',
      'path,label\nimages/a.png,cat\nimages/b.png,cat\n',
      /at least 2 classes for 'data\/labels\.csv' but received one, 'cat'/,
    ],
  ])('refuses %s', async (_, content, message) => {
    expect(await refusal(listFiles('labels.csv', content))).toMatch(message);
  });
});
