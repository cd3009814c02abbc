// In the worker the grammar is needed without the editor that its package is made for.
import { NodeProp } from "@lezer/common";

export const LRLanguage = { define: language => language };
export const foldNodeProp = new NodeProp();
export const foldInside = () => null;
export class LanguageSupport {}
