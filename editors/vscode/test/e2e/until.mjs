/**
 * What `probe` gives, once that is something. Asks again and again; after `limit` ms it is an error that says what was
 * waited for, and what `shown` shows instead.
 */
export async function until(what, probe, { limit = 30_000, shown } = {}) {
  const end = Date.now() + limit;
  for (;;) {
    const got = await probe();
    if (got) {
      return got;
    }
    if (Date.now() > end) {
      const instead = shown === undefined ? "" : `\n${await shown()}`;
      throw new Error(`waited ${limit / 1000} s in vain: ${what}${instead}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
