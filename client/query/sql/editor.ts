/**
 * The editor of SQL: CodeMirror with our dialect, completion, definitions and marks. Loaded when a text is to be seen.
 * It lives in a shadow tree, where its styles are a style sheet made by script: the policy of the page allows no others.
 */
import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { SQLDialect } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Text } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  MatchDecorator,
  placeholder,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import type { SqlFault, SqlSchema } from '../../../server/http/contract/sql-runs.ts';
import { completionsAt, keywords, type Meaning, meaningAt } from './completions.ts';
import { look } from './editor-look.ts';

export type SqlEditorHandle = {
  setText(text: string): void;
  setSchema(schema: SqlSchema): void;
  setFaults(faults: readonly SqlFault[]): void;
  focus(): void;
  destroy(): void;
};
export type SqlEditorWishes = {
  host: HTMLElement;
  text: string;
  label: string;
  hint: string;
  schema: SqlSchema | null;
  changed(text: string): void;
  run(): void;
  save(): void;
};

const types =
  'String FixedString UUID Bool Date Date32 DateTime DateTime64 Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Decimal Array Map Tuple Nullable LowCardinality Enum8 Enum16';
/** Those that are wanted most often stand first. */
const boosts: Record<Meaning['kind'], number> = { column: 5, alias: 4, view: 3, parameter: 2, function: 1, keyword: 0 };
/** What is put in from outside is no change by whoever types. */
const fromOutside = Annotation.define<boolean>();

export function createSqlEditor(wishes: SqlEditorWishes): SqlEditorHandle {
  const root = wishes.host.shadowRoot ?? wishes.host.attachShadow({ mode: 'open' });
  const parent = document.createElement('div');
  parent.style.height = '100%';
  root.replaceChildren(parent);
  let schema = wishes.schema;
  const language = new Compartment();
  const view = new EditorView({
    root,
    parent,
    state: EditorState.create({ doc: wishes.text, extensions: extensions() }),
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: fromOutside.of(true),
      });
    },
    setSchema(next) {
      schema = next;
      view.dispatch({ effects: language.reconfigure(dialect(next).extension) });
    },
    setFaults(faults) {
      view.dispatch(
        setDiagnostics(
          view.state,
          faults.flatMap((fault) => diagnostic(fault, view.state.doc)),
        ),
      );
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };

  function extensions() {
    return [
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      EditorView.lineWrapping,
      language.of(dialect(schema).extension),
      autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 }),
      hoverTooltip(define, { hideOnChange: true }),
      parameterMarks,
      typedOver,
      placeholder(wishes.hint),
      keymap.of([
        { key: 'Mod-Enter', run: done(wishes.run), preventDefault: true },
        { key: 'Mod-s', run: done(wishes.save), preventDefault: true },
        ...completionKeymap,
        { key: 'Tab', run: acceptCompletion },
        ...defaultKeymap,
        ...historyKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({
        'aria-label': wishes.label,
        'aria-description': 'Escape, then Tab, leaves the editor',
        // What scrolls must be reached by key, and a check of that looks for this alone.
        tabindex: '0',
        spellcheck: 'false',
        autocapitalize: 'off',
      }),
      EditorView.updateListener.of((update) => {
        const own = update.transactions.some((one) => one.docChanged && one.annotation(fromOutside) !== true);
        if (own) wishes.changed(update.state.doc.toString());
      }),
      look,
    ];
  }

  function complete(context: CompletionContext) {
    if (schema === null) return null;
    const found = completionsAt(context.state.doc.toString(), context.pos, schema, context.explicit);
    if (found === null || found.options.length === 0) return null;
    return { from: found.from, options: found.options.map(completionOf), validFor: /^\w*$/ };
  }

  function define(_: EditorView, at: number): Tooltip | null {
    const found = schema === null ? null : meaningAt(view.state.doc.toString(), at, schema);
    if (found === null) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: meaningElement(found) }) };
  }
}

/** A key that did something is nobody else's. */
const done = (act: () => void) => () => {
  act();
  return true;
};

const completionOf = ({ label, kind, detail, words }: Meaning): Completion => ({
  label,
  type: kind,
  boost: boosts[kind],
  ...(detail === '' ? {} : { detail }),
  ...(words === '' ? {} : { info: words }),
  ...(kind === 'function' ? { apply: `${label}(` } : {}),
});

function meaningElement({ label, detail, words }: Meaning): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-meaning';
  const name = document.createElement('code');
  name.textContent = label;
  const type = document.createElement('small');
  type.textContent = detail;
  const text = document.createElement('p');
  text.textContent = words;
  element.append(name, type, text);
  return element;
}

function dialect(schema: SqlSchema | null) {
  return SQLDialect.define({
    keywords: keywords.join(' ').toLowerCase(),
    types: types.toLowerCase(),
    builtin: (schema?.functions ?? []).join(' ').toLowerCase(),
    backslashEscapes: true,
    identifierQuotes: '`"',
    doubleQuotedStrings: false,
    hashComments: false,
  });
}

/** A fault whose place is unknown is told below the text alone. */
function diagnostic({ line, column, what, remedy }: SqlFault, text: Text): Diagnostic[] {
  if (line === null || line < 1 || line > text.lines) return [];
  const row = text.line(line);
  const from = Math.min(row.to, row.from + Math.max(0, (column ?? 1) - 1));
  const word = /^\w+|^./.exec(row.text.slice(from - row.from))?.[0] ?? '';
  const message = remedy === null ? what : `${what} ${remedy}`;
  // At the end of a line there is nothing to underline but what stands before.
  const isEnd = word === '' && from > row.from;
  return [{ from: isEnd ? from - 1 : from, to: from + word.length, severity: 'error', message }];
}

/**
 * Left alone, a browser that replaces styled text by what is typed writes a style attribute into it, which the policy of the
 * page refuses and the console complains of.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    if (inputType !== 'insertText' || data === null || view.composing || view.state.selection.main.empty) return false;
    view.dispatch({ ...view.state.replaceSelection(data), userEvent: 'input.type', scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

const parameterFinder = new MatchDecorator({
  regexp: /\{\s*[A-Za-z_]\w*\s*:[^}\n]*\}/g,
  decoration: Decoration.mark({ class: 'cm-parameter' }),
});
const parameterMarks = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = parameterFinder.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = parameterFinder.updateDeco(update, this.decorations);
    }
  },
  { decorations: ({ decorations }) => decorations },
);
