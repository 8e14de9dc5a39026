// What the compose page needs of CodeMirror, and nothing else: the bundle is most of the weight of the page.
export {EditorState, StateField, StateEffect} from "@codemirror/state";
export {EditorView, Decoration, WidgetType, keymap, placeholder} from "@codemirror/view";
export {history, historyKeymap, isolateHistory, standardKeymap} from "@codemirror/commands";
