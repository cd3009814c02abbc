"""How templates are compiled: as Jinja does it, but with cheaper calls, because a page calls thousands of macros.

Pages are the same as with Jinja's own code. What is left out is what no template here uses: functions that are passed
the context, and macros that are called in an environment other than the one that compiled them.
"""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import Any, Final

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.nodes import Call, Expr
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

_SPECIAL: Final = re.compile("[&<>'\"]").search
"""Finds a character that `escape` replaces; most values have none."""


class DirectMacro(Macro):
    """A macro of a template whose values are all escaped; called with values in their order, it is one function call.

    Jinja's own looks up the names of arguments and how values are escaped, each time.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> str:  # Any: the values of templates
        """What the macro writes; it needs no escaping."""
        lacking = self._argument_count - len(args)
        if kwargs or lacking < 0 or self.caller or self.catch_kwargs or self.catch_varargs:
            return super().__call__(*args, **kwargs)
        written = self._func(*args, *[missing] * lacking) if lacking else self._func(*args)
        return str.__new__(Markup, written)  # as Markup(written), which first asks what it is given


class DirectCalls(CodeGenerator):
    """Writes a call in a template as a call in Python, and leaves what a macro has written as it is."""

    def visit_Call(self, node: Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802  (Jinja's name)
        """Write a call; one that Python could not write the same way is left to Jinja."""
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(iskeyword(one.key) for one in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write the definition of a macro."""
        self.write("environment.direct_macro(")
        super().macro_def(macro_ref, frame)
        self.write(")")

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.html(")


class Templates(Environment):
    """An environment whose templates call macros directly."""

    code_generator_class = DirectCalls

    @staticmethod
    def html(value: object) -> str:
        """A value as HTML: escaped, unless a macro or a filter has written it."""
        if type(value) is Markup or (type(value) is str and not _SPECIAL(value)):
            return value
        return escape(value)

    def direct_macro(self, macro: Macro) -> Macro:
        """A macro for direct calls, if its values are escaped, as they are in every template of a page."""
        if self.autoescape is not True:
            return macro
        return DirectMacro(
            self,
            macro._func,
            macro.name,
            macro.arguments,
            catch_kwargs=macro.catch_kwargs,
            catch_varargs=macro.catch_varargs,
            caller=macro.caller,
            default_autoescape=True,
        )
