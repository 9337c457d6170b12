"""The interview as a task of Inspect: a sample is a condition, an epoch a run. Needs the extra ``interview``.

``inspect eval emeritus/interview -T protocol=FILE -T contexts=FILE --model PROVIDER/ID`` runs what `archive interview`
runs; ``--model-role interviewer=PROVIDER/ID`` names who may probe. Inspect asks, retries, limits and logs. What was
done stands in the log: of a turn in its message's metadata, of an interview in its sample's, under ``emeritus``, as
`archive.importers.inspect_log` reads it.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    ModelOutput,
    get_model,
    model_roles,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from archive.errors import Error, accepted
from archive.interviews import setting
from archive.interviews.condition import Condition, conditions
from archive.interviews.script import Line, Reply, lines, script
from archive.interviews.setting import Plan
from archive.records import contexts as contexts_file
from archive.records import protocol as protocols
from archive.records.contexts import Contexts

ROLE = "interviewer"
"""Inspect's name for the model that may probe."""
KEY = "emeritus"
"""Under which the metadata of samples and messages hold what was done."""
_CUT = ("max_tokens", "model_length")


@dataclass
class Spending:
    """What a run has cost so far, over all interviews; lives as long as the run."""

    limit: float | None = None
    """US dollars."""
    spent: float = 0.0
    watch: Callable[[int], object] = lambda _: None
    """Is told how many interviews came to their end since it began."""
    held: int = 0

    def ended(self) -> None:
        """One interview came to its end."""
        self.held += 1
        self.watch(self.held)

    def add(self, output: ModelOutput) -> None:
        """Count one call, where its price is known."""
        self.spent += (output.usage.total_cost or 0.0) if output.usage else 0.0

    def refuse(self) -> None:
        """Raises `Error` where the limit is reached: nothing more is asked."""
        if self.limit is not None and self.spent >= self.limit:
            raise Error(f"{REACHED}: {self.spent:.4f} of {self.limit:.4f} USD")


REACHED = "the limit on cost is reached"
SPENDING: ContextVar[Spending | None] = ContextVar("spending", default=None)
"""Of the run that goes on here; of a run by ``inspect eval`` there is none, which has limits of its own."""


def interviews(protocol: str, contexts: str, probes: int, kind: str) -> Task:
    """The task that `emeritus.interview` registers. Raises `Refused` with all that is wrong in the two files."""
    asked = accepted(protocols.read(*_content(protocol, "protocol")))
    varied = accepted(contexts_file.read(*_content(contexts, "contexts"))) if contexts else Contexts(format=1)
    plan = plan_of(asked, varied, probes)
    common = {"format": 1, "protocol": asked.ref, "kind": kind, "planned": setting.planned(plan)}
    common |= {"interviews": len(plan.conditions) * plan.runs}
    return Task(
        dataset=[_sample(plan, each, common) for each in plan.conditions],
        solver=by_script(plan),
        epochs=plan.runs,
        continue_on_fail=True,
        metadata={"protocol": asked.ref},
        version=asked.version,
    )


def plan_of(protocol: protocols.Protocol, contexts: Contexts, probes: int) -> Plan:
    """What is asked."""
    return Plan(
        protocol=protocol,
        conditions=conditions(protocol, contexts),
        runs=contexts.runs,
        seed=contexts.seed,
        combinations=contexts.combinations,
        probes=probes if protocol.probing else 0,
    )


def _content(said: str, name: str) -> tuple[bytes, str]:
    """The bytes of a file that is given by its path or by its text, and what messages call it."""
    return (said.encode(), name) if "\n" in said else (Path(said).read_bytes(), said)


def _sample(plan: Plan, condition: Condition, common: dict[str, Any]) -> Sample:
    first = lines(plan.protocol, condition, condition.questions)[0]
    known = setting.before(plan, condition, sampling="")
    known = {key: said for key, said in known.items() if not key.startswith(("interviewer", "sampling"))}
    metadata = {KEY: {**common, "context_bias": known}}  # all that is left of it where a run is killed and never ends
    return Sample(id=condition.name, input=[ChatMessageUser(content=first)], metadata=metadata)


@solver  # type: ignore[untyped-decorator]
def by_script(plan: Plan) -> Solver:
    """Says what the script says, and notes what was done."""
    named = {condition.name: condition for condition in plan.conditions}

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return await _Interview(plan, named[str(state.sample_id)], state, generate).held()

    return solve


class _Interview:
    """One interview while it is held; lives no longer."""

    def __init__(self, plan: Plan, condition: Condition, state: TaskState, generate: Generate) -> None:
        self.plan, self.condition, self.state, self.generate = plan, condition, state, generate
        self.questions = condition.ordered(plan.seed, state.epoch)
        self.model = get_model()
        self.interviewer = get_model(role=ROLE) if plan.probes and ROLE in model_roles() else None
        self.tokens, self.cost, self.answered = [0, 0], 0.0, ""
        self.known: dict[str, str] = {}

    async def held(self) -> TaskState:
        self.state.messages = _opening(self.condition)
        self._note()
        probes = self.plan.probes if self.interviewer else 0
        talk = script(self.plan.protocol, self.condition, self.questions, probes=probes)
        try:
            step = next(talk)
            while True:
                step = talk.send(await (self._said(step) if isinstance(step, Line) else self._probed()))
        except StopIteration as ended:
            self._note(setting.after(ended.value), ended.value.how)
            if spending := SPENDING.get():
                spending.ended()
        return self.state

    async def _said(self, line: Line) -> Reply:
        """Puts a line to the model, and gives what it answers."""
        self._refuse()
        if "question_id" in line.codes:  # which is put to nobody who was asked to agree and did not
            self._note({"consent": "given" if self.plan.protocol.consent else "not_asked"})
        self.state.messages.append(ChatMessageUser(content=line.text, metadata={KEY: dict(line.codes)}))
        if line.prefilled:
            self.state.messages.append(ChatMessageAssistant(content=self.condition.prefill))
        warmth = {} if self.condition.temperature is None else {"temperature": self.condition.temperature}
        self.state = await self.generate(self.state, **warmth)
        output = self.state.output
        if output.stop_reason in _CUT:
            self.state.messages[-1].metadata = {KEY: {"truncated": "yes"}}
        self.answered = self.answered or output.model
        self._count(output)
        self._note()
        return Reply(output.completion, output.stop_reason)

    async def _probed(self) -> Reply:
        """Asks the interviewing model, which sees the conversation and not the system prompt."""
        self._refuse()
        told = ChatMessageSystem(content=setting.interviewer_prompt(self.plan.protocol))
        talk = "\n\n".join(f"{_WHO[m.role]}: {m.text}" for m in self.state.messages if m.role in _WHO)
        output = await get_model(role=ROLE).generate([told, ChatMessageUser(content=talk)])
        self._count(output)
        return Reply(output.completion, output.stop_reason)

    def _refuse(self) -> None:
        if spending := SPENDING.get():
            spending.refuse()

    def _count(self, output: ModelOutput) -> None:
        if spending := SPENDING.get():
            spending.add(output)
        if output.usage:
            self.tokens[0] += output.usage.input_tokens
            self.tokens[1] += output.usage.output_tokens
            self.cost += output.usage.total_cost or 0.0

    def _note(self, known: Mapping[str, str] | None = None, how: str = "") -> None:
        """Writes down what is known so far, so that it stands in the log whatever happens next."""
        self.known |= known or {}
        interviewer = str(self.interviewer or "")
        sampling = _sampling(str(self.model), self.model.config, self.condition.temperature, self.answered)
        before = setting.before(self.plan, self.condition, sampling=sampling, interviewer=interviewer)
        own = {"context_bias": before | self.known, "run": self._run(how, interviewer)}
        self.state.metadata = {**self.state.metadata, KEY: {**self.state.metadata[KEY], **own}}

    def _run(self, how: str, interviewer: str) -> str:
        """What holds of this run alone: ``run 3 of 20 in plain; order a, b (seed 1); 1,204 tokens in, 310 out; …``."""
        seed = f" (seed {self.plan.seed})" if self.condition.order == "shuffled" else ""
        providers = tuple(str(model).partition("/")[0] for model in (self.model, self.interviewer) if model)
        return "; ".join(
            filter(
                None,
                (
                    f"run {self.state.epoch} of {self.plan.runs} in {self.condition.name}",
                    f"order {', '.join(q.id for q in self.questions)}{seed}",
                    how,
                    f"{self.tokens[0]:,} tokens in, {self.tokens[1]:,} out",
                    f"{self.cost:.6f} USD" if self.cost else "",
                    *_versions(providers),
                ),
            )
        )


_WHO = {"user": "INTERVIEWER", "assistant": "MODEL"}


def _opening(condition: Condition) -> list[ChatMessage]:
    system = "\n\n".join(filter(None, (condition.system_prompt, condition.persona)))
    said: list[ChatMessage] = [ChatMessageSystem(content=system)] if system else []
    for role, words in condition.before:
        said.append(ChatMessageUser(content=words) if role == "user" else ChatMessageAssistant(content=words))
    return said


def _sampling(model: str, config: Any, temperature: float | None, answered: str) -> str:
    given = {**config.model_dump(exclude_none=True)}
    given |= {} if temperature is None else {"temperature": temperature}
    said = [f"{key} {given[key]}" for key in _DECODING if key in given]
    snapshot = [f"answered as {answered}"] if answered and answered != model.partition("/")[2] else []
    return ", ".join((f"model {model}", *snapshot, *said, "all else as the provider has it"))


_DECODING = ("temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "reasoning_tokens", "stop_seqs")


@cache
def _versions(providers: tuple[str, ...]) -> list[str]:
    """Of the programs that asked: ``emeritus 0.1.0``, ``inspect-ai 0.3.285``, the provider's client."""
    found = []
    for name in dict.fromkeys(("emeritus", "inspect-ai", *providers)):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
