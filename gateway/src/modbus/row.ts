/**
 * A map with the keys of a list that many share, in the order of that list: values alone, with no table to
 * fill for each of a thousand devices each second. A class for the same reason: its functions are made once.
 */
export class Row<K, V> implements ReadonlyMap<K, V> {
  private readonly head: Head<K>;
  private readonly list: (V | undefined)[];

  constructor(keys: readonly K[]) {
    this.head = headOf(keys);
    this.list = new Array<V | undefined>(keys.length).fill(undefined);
  }

  get size(): number {
    let size = 0;
    for (const value of this.list) if (value !== undefined) size += 1;
    return size;
  }

  get(key: K): V | undefined {
    const place = this.head.places.get(key);
    return place === undefined ? undefined : this.list[place];
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** Throws where the key is none of the list's. */
  set(key: K, value: V): this {
    const place = this.head.places.get(key);
    if (place === undefined) throw new Error("a row has no other keys than its list");
    this.list[place] = value;
    return this;
  }

  delete(key: K): void {
    const place = this.head.places.get(key);
    if (place !== undefined) this.list[place] = undefined;
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    const { keys } = this.head;
    for (let i = 0; i < keys.length; i += 1) {
      const value = this.list[i];
      if (value !== undefined) visit(value, keys[i] as K, this);
    }
  }

  *entries(): MapIterator<[K, V]> {
    const { keys } = this.head;
    for (const [i, value] of this.list.entries()) {
      if (value !== undefined) yield [keys[i] as K, value];
    }
    return undefined;
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  *values(): MapIterator<V> {
    for (const value of this.list) if (value !== undefined) yield value;
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}

type Head<K> = { readonly keys: readonly K[]; readonly places: ReadonlyMap<K, number> };

const heads = new WeakMap<readonly unknown[], Head<unknown>>();

function headOf<K>(keys: readonly K[]): Head<K> {
  const known = heads.get(keys) as Head<K> | undefined;
  if (known) return known;
  const head = { keys, places: new Map(keys.map((key, i) => [key, i])) };
  heads.set(keys, head);
  return head;
}
