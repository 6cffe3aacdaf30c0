"""What a project may cost: whether a budget is right, and what is left of it.

Nothing of it is on the way of an answer: the engine opens no more tasks than there is room for, and so nobody can hand in
more than was paid for. What people ask of each other (a skipped task goes to review, a rejected one is asked again) is
counted and not held back.
"""

from uuid import UUID

from karat.database import Transaction
from karat.kit import Fault, Record
from karat.tasks import setup_store
from karat.tasks.types import Budget, Project, QualityTarget


class BudgetState(Record):
    """How much of a budget is used.

    Attributes:
        allowed: answers that it pays for.
        used: answers given.
        open: answers that tasks in front of people still want.
        cost: of the answers given, in minor units at the present price; None without a price.
    """

    allowed: int
    used: int
    open: int
    cost: int | None
    currency: str | None

    @property
    def room(self) -> int:
        """Answers that can still be asked for."""
        return max(0, self.allowed - self.used - self.open)


def faults_of(budget: Budget | None) -> list[Fault]:
    """What is wrong with a budget."""
    if budget is None:
        return []
    faults = []
    if budget.max_answers is None and budget.max_cost is None:
        message = "The budget has no limit."
        hint = "Give a number of answers or an amount of money, or leave the budget out."
        faults.append(Fault(code="budget.empty", message=message, where="target.budget", hint=hint))
    if budget.max_cost is not None and budget.price is None:
        message = "An amount of money needs the price of an answer."
        faults.append(Fault(code="budget.price_missing", message=message, where="target.budget.price", hint="Add it."))
    if (budget.max_cost or budget.price) and budget.currency is None:
        message = "Money needs a currency."
        hint = "Three letters of ISO 4217, such as EUR."
        faults.append(Fault(code="budget.currency_missing", message=message, where="target.budget.currency", hint=hint))
    if budget.max_cost is not None and budget.price is not None and budget.allowed == 0:
        message = "The amount does not pay for a single answer."
        faults.append(Fault(code="budget.too_small", message=message, where="target.budget.max_cost", hint="Raise it."))
    return faults


async def state_of(db: Transaction, project: Project) -> BudgetState | None:
    """What is used of the project's budget; None where it has none."""
    return await _state(db, project.id, project.target.budget)


async def room(db: Transaction, project_id: UUID) -> int | None:
    """Answers that the project may still ask for; None where it has no budget."""
    target = await db.fetch_value("SELECT target FROM project WHERE id = $1", project_id)
    state = await _state(db, project_id, QualityTarget.model_validate(target).budget)
    return None if state is None else state.room


async def _state(db: Transaction, project_id: UUID, budget: Budget | None) -> BudgetState | None:
    if budget is None or budget.allowed is None:
        return None
    used = await setup_store.count_answers(db, project_id)
    return BudgetState(
        allowed=budget.allowed,
        used=used,
        open=await setup_store.count_open(db, project_id),
        cost=None if budget.price is None else used * budget.price,
        currency=budget.currency,
    )
