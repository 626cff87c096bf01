// Inside the sandbox: what `node --test` tells, as JUnit XML with the file, the groups and the whole error of each test.
// It stands in for node's own `junit` reporter, which before Node 22 names no files and hides why a file can not be loaded.

const escaped = (text) =>
  String(text)
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?')
    .replace(/[<>&"\n]/g, (c) => `&#${c.charCodeAt(0)};`);

const cause = (error) => (error?.cause instanceof Error || error?.cause?.stack ? error.cause : error);

function failure(kind, error, extra) {
  const real = cause(error) ?? {};
  const type = real.code === 'ERR_ASSERTION' ? 'AssertionError' : real.name ?? 'Error';
  const text = `${real.stack ?? real.message ?? real}\n${extra}`;
  return `<${kind} type="${escaped(type)}" message="${escaped(real.message ?? real)}">${escaped(text)}</${kind}>`;
}

function testcase(data, groups, printed) {
  const file = data.file ?? '';
  const whole = data.name === file || (file !== '' && file.endsWith(data.name) && data.nesting === 0 && groups.length === 0 && /\.[cm]?[jt]sx?$/.test(data.name));
  const failed = data.details?.error !== undefined;
  if (whole && !failed) return ''; // a file without tests, or one that left before it told of any
  const skipped = data.skip !== undefined || data.todo !== undefined;
  const body = skipped ? '<skipped/>' : failed ? failure(whole ? 'error' : 'failure', data.details.error, whole ? printed.get(file) ?? '' : '') : '';
  const seconds = (data.details?.duration_ms ?? 0) / 1000;
  const names = `classname="${escaped(groups.join('::'))}" name="${whole ? '' : escaped(data.name)}"`;
  return `<testcase file="${escaped(file)}" ${names} time="${seconds}">${body}</testcase>\n`;
}

export default async function* report(source) {
  const open = []; // the names of the groups that the present test is in
  const parents = new Set();
  const printed = new Map();
  yield '<testsuites>\n';
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      open.length = data.nesting;
      open[data.nesting] = data.name;
      if (data.nesting > 0) parents.add(open.slice(0, data.nesting).join('\0'));
    } else if (type === 'test:stderr') {
      printed.set(data.file, ((printed.get(data.file) ?? '') + data.message).slice(-8000));
    } else if (type === 'test:pass' || type === 'test:fail') {
      const groups = open.slice(0, data.nesting);
      const path = [...groups, data.name].join('\0');
      const group = data.details?.type === 'suite' || parents.has(path);
      const own = type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed';
      if (!group || own) yield testcase(data, groups, printed);
      parents.delete(path);
    }
  }
  yield '</testsuites>\n';
}
