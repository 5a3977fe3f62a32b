// A QR code of a text: bytes, the lightest correction, the smallest version that holds them. Returns rows of 0 and 1.
const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26]; // bytes a block
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12];
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function aligned(version) {
  // where the small squares stand
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2,
    step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({length: count - 1}, (_, i) => version * 4 + 10 - step * (count - 2 - i))];
}

function capacity(version) {
  // in bits, without the patterns
  const count = version === 1 ? 0 : Math.floor(version / 7) + 2;
  return (16 * version + 128) * version + 64 - (count ? (25 * count - 10) * count - 55 : 0) - (version >= 7 ? 36 : 0);
}

function times(a, b) {
  // in the field of 256 elements
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
  return product;
}

function corrected(data, degree) {
  const divisor = [...Array(degree - 1).fill(0), 1],
    rest = Array(degree).fill(0);
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2))
    for (let j = 0; j < degree; j++) divisor[j] = times(divisor[j], root) ^ (divisor[j + 1] ?? 0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((one, i) => {
      rest[i] ^= times(one, factor);
    });
  }
  return rest;
}

function coded(data, version) {
  // the text in blocks, each with its correction, woven together
  const total = Math.floor(capacity(version) / 8),
    count = BLOCKS[version - 1],
    extra = CORRECTION[version - 1];
  const short = count - (total % count),
    length = Math.floor(total / count) - extra,
    blocks = [];
  for (let i = 0, at = 0; i < count; i++) {
    const part = data.slice(at, (at += length + (i < short ? 0 : 1)));
    blocks.push([part, corrected(part, extra)]);
  }
  const woven = (which, most) =>
    Array.from({length: most}, (_, i) => blocks.map((one) => one[which][i]))
      .flat()
      .filter((one) => one !== undefined);
  return [...woven(0, length + 1), ...woven(1, extra)];
}

function qr(text, wanted = null) {
  const bytes = [...new TextEncoder().encode(text)];
  const room = (version) => Math.floor(capacity(version) / 8) - CORRECTION[version - 1] * BLOCKS[version - 1];
  const version = BLOCKS.findIndex((_, i) => room(i + 1) * 8 >= 4 + (i + 1 < 10 ? 8 : 16) + bytes.length * 8) + 1;
  if (!version) return null;
  const bits = [],
    push = (value, count) => {
      for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1);
    };
  push(4, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((one) => push(one, 8));
  push(0, Math.min(4, room(version) * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  for (let i = 0; bits.length < room(version) * 8; i++) push(i % 2 ? 0x11 : 0xec, 8);
  const data = Array.from({length: bits.length / 8}, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0));

  const size = version * 4 + 17,
    cells = Array.from({length: size}, () => Array(size).fill(null));
  const set = (x, y, dark) => {
    if (y >= 0 && y < size && x >= 0 && x < size) cells[y][x] = Number(dark);
  };
  const square = (x, y, radius, dark) => {
    for (let j = -radius; j <= radius; j++) for (let i = -radius; i <= radius; i++) set(x + i, y + j, dark(Math.max(Math.abs(i), Math.abs(j))));
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ])
    square(x, y, 4, (far) => far !== 2 && far !== 4);
  const places = aligned(version),
    last = places.length - 1;
  places.forEach((x, i) =>
    places.forEach((y, j) => {
      if (!((!i && !j) || (!i && j === last) || (i === last && !j))) square(x, y, 2, (far) => far !== 1);
    }),
  );
  const marks = (mask) => {
    // which mask and correction, twice; and the version, twice
    let rest = 8 | mask;
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const format = (((8 | mask) << 10) | rest) ^ 0x5412,
      bit = (i) => (format >> i) & 1;
    for (let i = 0; i < 15; i++) {
      set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, bit(i));
      set(i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i, 8, bit(i));
    }
    set(8, size - 8, 1);
    if (version < 7) return;
    let check = version;
    for (let i = 0; i < 12; i++) check = (check << 1) ^ ((check >> 11) * 0x1f25);
    for (let i = 0; i < 18; i++) {
      const dark = (((version << 12) | check) >> i) & 1,
        a = size - 11 + (i % 3),
        b = Math.floor(i / 3);
      set(a, b, dark);
      set(b, a, dark);
    }
  };
  marks(0);
  const free = cells.map((row) => row.map((one) => one === null)),
    stream = coded(data, version);
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (free[y][x]) {
          cells[y][x] = at < stream.length * 8 ? (stream[at >> 3] >> (7 - (at & 7))) & 1 : 0;
          at++;
        }
      }
  }
  const plain = cells.map((row) => [...row]);
  const drawn = (mask) => {
    plain.forEach((row, y) =>
      row.forEach((one, x) => {
        cells[y][x] = free[y][x] ? one ^ Number(MASKS[mask](x, y) === 0) : one;
      }),
    );
    marks(mask);
    return cells.map((row) => [...row]);
  };
  const long = (rows) => rows.reduce((sum, row) => sum + (row.join("").match(/0{5,}|1{5,}/g) ?? []).reduce((all, run) => all + run.length - 2, 0), 0);
  const ugly = (rows) => long(rows) + long(rows[0].map((_, x) => rows.map((row) => row[x])));
  return wanted === null ? MASKS.map((_, mask) => drawn(mask)).reduce((best, one) => (ugly(one) < ugly(best) ? one : best)) : drawn(wanted);
}

Object.defineProperty(globalThis, "dmoQr", {value: qr});
