// The person's turn: what they are to do, what the console may do for them, and what the registration says of it.

import {codeIn} from './code.js';
import {factsOf} from './server.js';
import {el, stateName} from './wire.js';

/** How often the registration is asked whether the person has done their part, in milliseconds. */
const PACE = 2000;

/** What is said where the service does not know the registration. */
export const LOST = 'The service does not know this registration any more: it was started anew, and had it in memory. “Start again”.';

const $ = id => document.getElementById(id);

/** The person of whatever walk is under way. */
export class Person {
  #demo;
  #current;
  #machine;
  #console;
  #watching;

  /**
   * @param demo its settings
   * @param current gives the walk that is under way
   * @param machine shows the state of its registration
   * @param console what goes on from here: advance(told), end(words), tell(words) and keepFocus()
   */
  constructor(demo, current, machine, console) {
    this.#demo = demo;
    this.#current = current;
    this.#machine = machine;
    this.#console = console;
  }

  /** Says what is to be done in a step; `canDo` if its request is there for the console to send. */
  show(step, canDo) {
    const link = this.#link;
    const readsCode = step.act === 'code';
    $('person-words').textContent = this.signsIn ? 'The link is the agent’s to give, and the page '
      + `wants you to sign in: as ${this.#memory.person}.` : this.#hasOutbox ? '' : this.mailWords;
    $('person-words').hidden = this.#hasOutbox && !this.signsIn;
    $('person-link').replaceChildren(link ? el('a', {href: link, target: '_blank', rel: 'noopener noreferrer'},
      this.signsIn ? 'Open the link (in a new tab)' : 'Open the link in the mail (in a new tab)') : '');
    $('person-link').hidden = !link;
    $('code-label').hidden = $('code').hidden = $('tell').hidden = !readsCode;
    $('did').hidden = readsCode;
    $('did').textContent = step.done ?? 'I have said no';
    $('do').hidden = !this.canBeStoodInFor || !canDo;
  }

  /** What a step asks of them. */
  wordsOf({words}) {
    return typeof words === 'function' ? words(this.#memory) : words;
  }

  /** Whether people sign in here: then the link is given to the agent, and not mailed. */
  get signsIn() {
    return Boolean(this.#memory.shown?.includes('token='));
  }

  /** Whether the console can do their part: it reads their mail here, and cannot sign in for them. */
  get canBeStoodInFor() {
    return this.#hasOutbox && !this.signsIn;
  }

  /** The link that they were mailed, where the console can read it. */
  get linkInMail() {
    return this.#current().mails.find(mail => mail.registration_id === this.#memory.registration && mail.link)?.link;
  }

  /** Where the mail has gone that is not in the outbox. */
  get mailWords() {
    return this.#demo.mail === 'smtp' ? 'The mail was sent by SMTP. Only whoever reads it can go on: that is the person’s part.'
      : 'The mail went nowhere: on an address that others can reach, the outbox is not shown. Set AGENT_AUTH_SMTP.';
  }

  /** Asks the registration again and again whether they have done their part in a step, as long as it is their turn. */
  watch(step) {
    this.stopWatching();
    const walk = this.#current();
    if (step?.act && this.#isLocal && walk.memory.registration && !walk.busy) {
      this.#watching = setTimeout(async () => {
        await this.#ask(walk, step);
        if (this.#isTurnOf(walk, step)) {
          this.watch(step);
        }
      }, PACE);
    }
  }

  stopWatching() {
    clearTimeout(this.#watching);
  }

  /** Asks at once, if it is their turn. */
  look() {
    const walk = this.#current();
    const step = walk.steps[walk.next];
    if (step?.act && this.#isLocal && this.#isTurnOf(walk, step)) {
      this.#ask(walk, step);
    }
  }

  /** They say that they have done it, which is checked where it can be. */
  async say(step) {
    const walk = this.#current();
    if (!this.#isLocal || !step.until) {
      await this.#console.advance({});
      return;
    }
    const wasAsked = await this.#ask(walk, step);
    if (this.#isTurnOf(walk, step)) {
      this.#console.tell(wasAsked
        ? `The registration says otherwise: it is still ${stateName(this.#machine.status)}. Press the button on the page first.`
        : 'The registration cannot be asked now whether that is so.');
    }
  }

  /** They read out what the page shows. */
  async readOut(text) {
    const code = codeIn(text);
    $('code').setAttribute('aria-invalid', String(!code));
    if (!code) {
      this.#console.tell('There are no six digits in this. Paste what the page shows.');
      $('code').focus();
      return;
    }
    this.#memory.code = code;
    $('code').value = '';
    await this.#console.advance({});
  }

  get #memory() {
    return this.#current().memory;
  }

  get #hasOutbox() {
    return this.#demo.mail === 'outbox';
  }

  get #isLocal() {
    return this.#demo.local === 'true';
  }

  get #link() {
    return this.signsIn ? this.#memory.shown : this.linkInMail;
  }

  #isTurnOf(walk, step) {
    return walk === this.#current() && !walk.busy && !walk.over && walk.steps[walk.next] === step;
  }

  /** Says what the registration says, and goes on if that is what the step waits for. False if it cannot be asked. */
  async #ask(walk, step) {
    const facts = await factsOf(this.#demo, walk.memory.registration);
    if (!this.#isTurnOf(walk, step)) {
      return true;
    }
    if (facts.status === 404) {
      this.#console.end(LOST);
    } else if (facts.status === 200) {
      await this.#saw(walk, step, facts.json);
    }
    return facts.status === 200;
  }

  async #saw(walk, step, facts) {
    const {status, events} = facts;
    const fresh = new Set(events.filter(event => !walk.seen.has(event.id)).map(event => event.event));
    const showsCode = fresh.has('otp.generated');
    const isNews = status !== this.#machine.status || showsCode !== walk.sawCode;
    walk.sawCode = showsCode;
    this.#machine.moveTo(facts, step.title);
    if (status === step.until) {
      const hadFocus = $('controls').contains(document.activeElement);
      await this.#console.advance({status});
      if (hadFocus) {
        this.#console.keepFocus();
      }
    } else if (fresh.has('claim.rejected')) {
      this.#console.end(`The person has said no: the registration is ${stateName(status)}. “Start again” asks somebody else.`);
    } else if (isNews) {
      this.#console.tell(`The registration is ${stateName(status)}${showsCode ? ': the page has shown a code' : ''}.`);
    }
  }
}
