// Which card comes next when a deck is studied in the browser. Values in, values out: no page, no clock, no chance of its own.
//
// A card here is {address, note, stage, group}: cards of one `note` are siblings, what is of a later `stage` builds on
// what is of an earlier one, and `group` (or null) is the answer that many cards share, so that it should not come in a row.
"use strict";

deckbuilder.queue = (() => {
  // Siblings keep this many cards between them where they can; one would give the other away.
  const APART = 3;
  // A card that was not known comes again after this many others: no longer fresh, not yet lost.
  const SOON = 4;
  const LONGEST_RUN = 2;
  // In a small deck one shuffle may leave siblings side by side that another parts.
  const TRIES = 20;

  // `random()` gives a number from 0 to below 1, as Math.random does.
  function shuffled(things, random) {
    const mixed = [...things];
    for (let last = mixed.length - 1; last > 0; last -= 1) {
      const other = Math.floor(random() * (last + 1));
      [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
    }
    return mixed;
  }

  function grouped(things, by) {
    const groups = new Map();
    for (const thing of things) {
      if (!groups.has(by(thing))) groups.set(by(thing), []);
      groups.get(by(thing)).push(thing);
    }
    return groups;
  }

  // All cards in an order to learn them by:
  // - no card comes before every note of the stages before its own has come, with one card at least;
  // - within a stage chance decides, but no group comes more than twice in a row where that can be had;
  // - a note's further cards follow a little later, never directly after a sibling where that can be had.
  function order(cards, random) {
    let best = oneOrder(cards, random);
    for (let tries = 1; tries < TRIES && neighbours(best) > 0; tries += 1) {
      const other = oneOrder(cards, random);
      if (neighbours(other) < neighbours(best)) best = other;
    }
    return best;
  }

  function oneOrder(cards, random) {
    const notes = [...grouped(cards, (card) => card.note).values()].map((siblings) => shuffled(siblings, random));
    const stages = grouped(notes, ([first]) => first.stage);
    const inTurn = [...stages.keys()].sort((one, other) => one - other);
    const mixed = inTurn.flatMap((stage) => withoutRuns(shuffled(stages.get(stage), random)));
    return parted(spread(mixed));
  }

  function neighbours(cards) {
    return cards.filter((card, place) => areSiblings(cards[place - 1], card)).length;
  }

  // Notes in their order, but for a group that would come a third time in a row.
  function withoutRuns(notes) {
    const waiting = [...notes];
    const left = new Map();
    const group = ([card]) => card.group;
    for (const note of notes) if (group(note) !== null) left.set(group(note), (left.get(group(note)) ?? 0) + 1);
    const taken = [];
    while (waiting.length) {
      const lately = taken.slice(-LONGEST_RUN).map(group);
      const tired = lately.length === LONGEST_RUN && lately[0] !== null && lately[0] === lately[1] ? lately[0] : undefined;
      // A group so large that the others would not suffice to part it must come now.
      const pressing = [...left].find(([, count]) => count > LONGEST_RUN * (waiting.length - count))?.[0];
      const fits = (note) => group(note) !== tired && (pressing === undefined || pressing === tired || group(note) === pressing);
      const [next] = waiting.splice(Math.max(waiting.findIndex(fits), 0), 1);
      if (left.has(group(next))) left.set(group(next), left.get(group(next)) - 1);
      taken.push(next);
    }
    return taken;
  }

  // Each note's first card in the order of the notes; the others come among those that follow.
  function spread(notes) {
    const spreadOut = [];
    const held = [];
    for (const [first, ...others] of notes) {
      while (held.length && held[0].from <= spreadOut.length) spreadOut.push(held.shift().card);
      const from = spreadOut.push(first) + APART;
      held.push(...others.map((card, turn) => ({card, from: from + turn * (APART + 1)})));
      held.sort((one, other) => one.from - other.from);
    }
    return [...spreadOut, ...farApart(held.map(({card}) => card), spreadOut.at(-1))];
  }

  // What is left when all notes have come: the note with most cards first, but not twice in a row.
  function farApart(cards, last) {
    const left = [...grouped(cards, (card) => card.note).values()];
    const taken = [];
    while (left.length) {
      left.sort((one, other) => other.length - one.length);
      const siblings = left.find(([card]) => card.note !== (taken.at(-1) ?? last)?.note) ?? left[0];
      taken.push(siblings.shift());
      if (!siblings.length) left.splice(left.indexOf(siblings), 1);
    }
    return taken;
  }

  const areSiblings = (one, other) => one !== undefined && other !== undefined && one.note === other.note;

  // Of siblings side by side the second moves forward, or another card comes between them.
  function parted(cards) {
    const all = [...cards];
    for (let here = 1; here < all.length; here += 1) {
      if (!areSiblings(all[here - 1], all[here])) continue;
      const [from, to] = wayForward(all, here) ?? wayBetween(all, here) ?? [here, here];
      const [card] = all.splice(from, 1);
      all.splice(from < to ? to - 1 : to, 0, card);
    }
    return all;
  }

  // A place for all[here] further ahead, but behind its note's first card.
  function wayForward(all, here) {
    const first = firstOf(all, here);
    for (let place = here - 1; place > first + 1; place -= 1) {
      if (!areSiblings(all[place - 1], all[here]) && !areSiblings(all[place], all[here])) return [here, place];
    }
    return undefined;
  }

  // A card that can come before all[here]: one that is not its note's first, and whose own neighbours bear its going.
  function wayBetween(all, here) {
    const canGo = (place) => !areSiblings(all[place], all[here]) && !areSiblings(all[place - 1], all[place + 1])
      && firstOf(all, place) < Math.min(place, here);
    for (let place = here - 2; place >= 0; place -= 1) if (canGo(place)) return [place, here];
    for (let place = here + 1; place < all.length; place += 1) if (canGo(place)) return [place, here];
    return undefined;
  }

  function firstOf(all, here) {
    return all.findIndex((card) => areSiblings(card, all[here]));
  }

  // ------------------------------------------------------------------ a session

  // The cards of a session: at most `count` that are not `known`, in order; if all are known, of all of them.
  function chosen(cards, known, count, random) {
    const unknown = cards.filter((card) => !known.has(card.address));
    return order(unknown.length ? unknown : cards, random).slice(0, count);
  }

  // A session: the cards that wait, the next one first, and what was answered so far.
  function begun(cards) {
    return {waiting: [...cards], answered: []};
  }

  // The session after its next card was known, or was not: then the card comes again.
  function after(session, wasKnown) {
    const [card, ...waiting] = session.waiting;
    if (!wasKnown) waiting.splice(placeFor(card, waiting), 0, card);
    return {waiting, answered: [...session.answered, {card, wasKnown}]};
  }

  function placeFor(card, waiting) {
    for (let place = SOON; place < waiting.length; place += 1) {
      if (!areSiblings(waiting[place - 1], card) && !areSiblings(waiting[place], card)) return place;
    }
    return waiting.length;
  }

  // The session before its last answer.
  function undone(session) {
    const last = session.answered.at(-1);
    if (last === undefined) return session;
    const waiting = session.waiting.filter(({address}) => address !== last.card.address);
    return {waiting: [last.card, ...waiting], answered: session.answered.slice(0, -1)};
  }

  // What a session came to: every card that was answered, with how often it was not known.
  function tally(session) {
    const misses = new Map();
    for (const {card, wasKnown} of session.answered) misses.set(card, (misses.get(card) ?? 0) + (wasKnown ? 0 : 1));
    return misses;
  }

  return {order, chosen, begun, after, undone, tally};
})();
