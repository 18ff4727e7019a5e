/** A listing that comes page by page. */
export class Pages {
  rows = [];
  more = false;

  /** @param ask gets the last row so far (or undefined), how many are wanted, and a signal; answers rows */
  constructor(limit, ask) {
    this.limit = limit;
    this.ask = ask;
  }

  /** Reads what has been shown once more, from its beginning; of two at once, the later one counts. */
  async again(signal) {
    const turn = (this.turn = {});
    const wanted = Math.max(1, this.rows.length);
    const found = [];
    let page;
    do {
      page = await this.ask(found.at(-1), this.limit, signal);
      found.push(...page);
    } while (page.length === this.limit && found.length < wanted);
    if (turn === this.turn) {
      this.rows = found;
      this.more = page.length === this.limit;
    }
  }

  /** Reads one page on; answers whether there was something to be read. */
  async next() {
    if (!this.more || this.reading) {
      return false;
    }
    this.reading = true;
    const {rows} = this;
    try {
      const page = await this.ask(rows.at(-1), this.limit);
      // Read again meanwhile: that has its own end.
      if (rows === this.rows) {
        this.rows = [...rows, ...page];
        this.more = page.length === this.limit;
      }
      return true;
    } finally {
      this.reading = false;
    }
  }
}
