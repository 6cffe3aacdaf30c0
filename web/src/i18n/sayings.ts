import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

/** A sentence of the server in our own words, and how facts that are no counts are written, in Python's spelling. */
type Saying = { says: MessageDescriptor; as?: Record<string, string> }

const said = (says: MessageDescriptor, as?: Record<string, string>): Saying => ({ says, as })
const CLAIM = { bound: '.4g%', target: '.4g%', confidence: '.4g%' }
const WHY = { share: '.1%', expected_share: '.1%' }

/**
 * Every sentence that the server can tell, by its code. `contract/sayings.json` holds both to each other: a code without its
 * line here fails the tests, as does one whose English differs.
 */
export const SAYINGS: Record<string, Saying> = {
  'tasks.being_made': said(msg`The tasks are being made.`),
  'tasks.overlap': said(msg({ message: 'Every task gets {n, plural, one {# answer} other {# answers}}.' })),
  'tasks.rejected': said(
    msg({ message: 'A reviewer rejected answers; {n, plural, one {# task waits} other {# tasks wait}} for new ones.' }),
  ),
  'tasks.still_reviewed': said(msg`A reviewer decides what else is left.`),

  'work.paused': said(msg`The project is paused.`),
  'work.others_awaited': said(msg`You have answered all that is open; other people's answers are awaited.`),
  'work.pilot': said(msg`The pilot is answered; the lead of the project decides how it goes on.`),
  'work.collecting': said(msg`There is nothing to label right now.`),
  'work.routing': said(msg`The next ones are being chosen; this page goes on by itself.`),
  'work.review_needed': said(msg`A reviewer looks at what is left.`),
  'work.checking': said(msg`The labels are being checked.`),
  'work.certified': said(msg`This project is done.`),

  'round.first': said(msg`Nothing is known yet: the first batch is drawn at random.`),
  'round.changed': said(
    msg({
      message:
        'The last batch changed {n_changed, plural, one {# label} other {# labels}}; asking goes on until {n_batches, number} batches in a row change at most {n_calm, number}.',
    }),
  ),
  'round.owed': said(
    msg({
      message:
        'The check failed: {n, plural, one {# more answer is} other {# more answers are}} asked for before the next one.',
    }),
  ),
  'round.learning': said(msg`The model learns from the newest answers.`),
  'round.new_tasks': said(msg`New tasks have come.`),
  'predictions.awaited': said(
    msg`The predictions of a model are awaited: bind a model to the project, or import what one said.`,
  ),
  'predictions.missing': said(msg`Nothing is predicted for some tasks: people label them.`),

  'review.unsure': said(
    msg({
      message: 'Unsure with nobody left to ask: {n, plural, one {# asset} other {# assets}}, which a reviewer decides.',
    }),
  ),
  'review.unsure_objects': said(
    msg({
      message: 'The answers leave {n, plural, one {# task} other {# tasks}} unsure, which a reviewer decides.',
    }),
  ),
  'review.left': said(msg`A reviewer decides what is left; then the random check begins.`),

  'check.few_labels': said(
    msg({
      message:
        'A certificate for so few labels needs {n, plural, one {# check} other {# checks}}, nearly all of them: checking begins at once.',
    }),
  ),
  'check.all_answered': said(
    msg({
      message:
        'Everybody who may be asked has answered: labels are frozen and {n, plural, one {# random check follows} other {# random checks follow}}.',
    }),
  ),
  'check.calm': said(
    msg({
      message:
        'The last {n_batches, number} batches changed at most {n_calm, plural, one {# label} other {# labels}} each: labels are frozen and {n, plural, one {# random check follows} other {# random checks follow}}.',
    }),
  ),
  'check.labelled': said(msg`Every task has its label: the random check begins.`),
  'check.taken_back': said(msg`An answer was taken back; when it is given again, the random check begins.`),
  'check.frozen': said(
    msg({
      message:
        'The labels are frozen; {n, plural, one {# of them, drawn at random, is} other {# of them, drawn at random, are}} checked before the first look.',
    }),
  ),
  'check.looked': said(
    msg({
      message:
        '{n_wrong, number} of {n_checked, number} checked labels were wrong; up to {n_next, number} are checked before the next look.',
    }),
  ),
  'check.looked_at_loss': said(
    msg({
      message:
        '{n_checked, number} labels were checked, with a mean loss of {mean_loss}; what is left can be {bound}. {n_next, number} are checked before the next look.',
    }),
    { mean_loss: '.2%', bound: '.2%' },
  ),
  'check.failed': said(
    msg({
      message:
        '{n_wrong, number} of {n_checked, number} checked labels were wrong, too many: people are asked more, then a fresh draw is checked.',
    }),
  ),

  'certified.labels': said(
    msg({
      message:
        'At most {n_left, number} of the {n_labels, number} labels are wrong ({bound}; promised: {target}), with {confidence} confidence.',
    }),
    CLAIM,
  ),
  'certified.objects': said(
    msg({
      message:
        'The {n_labels, number} labels have a mean loss of at most {bound} (promised: {target}), with {confidence} confidence.',
    }),
    CLAIM,
  ),
  'certified.checked': said(msg({ message: '{n_checked, number} were drawn at random and checked by {reference}.' })),
  'certified.all_by_reference': said(
    msg({
      message:
        'Nothing was left to draw, since the reference itself decided every label: {reference}. No second person has checked them.',
    }),
  ),
  'certified.simulated': said(msg`The annotators are simulated.`),

  'budget.used_up': said(msg({ message: 'The budget of {n, plural, one {# answer} other {# answers}} is used up.' })),
  'budget.used_up_almost': said(
    msg({
      message:
        'The budget of {n, plural, one {# answer} other {# answers}} is used up ({n_left, number} left, too few for another task).',
    }),
  ),
  'budget.checks_missing': said(
    msg({
      message:
        'For the certificate at least {n, plural, one {# check is} other {# checks are}} missing: raise the budget to go on.',
    }),
  ),

  'pilot.runs': said(
    msg({
      message:
        'A pilot comes first: {n_tasks, plural, one {# task} other {# tasks}}, drawn at random, are labelled by {n_people, plural, one {# person} other {# people each}}.',
    }),
  ),
  'pilot.started': said(msg`The pilot has ended: the rest is being asked for.`),
  'pilot.empty': said(msg`The pilot has no answers: nothing is known from it. Start the project, or raise its budget.`),
  'pilot.done': said(
    msg({
      message:
        'The pilot is done: {n_answers, plural, one {# answer} other {# answers}} to {n_tasks, plural, one {# task} other {# tasks}}.',
    }),
  ),
  'pilot.took': said(msg({ message: 'Half of the answers took at most {seconds} s.' }), { seconds: '.3g' }),
  'pilot.agreement': said(
    msg({
      message: 'They agree by {agreement} on average, over all tasks by at least {at_least} (95 % confidence).',
    }),
    { agreement: '.2f', at_least: '.2f' },
  ),
  'pilot.alone': said(msg`No task has two answers, so nothing is known of how far people agree.`),
  'pilot.rest': said(
    msg({
      message:
        'The rest takes {n_labels, plural, one {# label} other {# labels}} and, if the first check succeeds, {n_low, number} to {n_high, number} checks.',
    }),
  ),
  'pilot.unforeseen': said(
    msg`How many answers the rest takes cannot be said: so few do not show how fast the model learns.`,
  ),
  'pilot.start': said(msg`Start the project to go on.`),

  'need.pilot': said(msg`The pilot is done: start the project.`),
  'need.budget': said(msg`The budget is used up.`),
  'need.review': said(msg`Tasks wait for a reviewer.`),
  'need.check': said(msg`Drawn labels wait for their check.`),
  'need.people': said(msg({ message: 'Every task gets {n, number} answers, of as many people: invite more.' })),
  'need.import_faults': said(msg`Rows of imports could not be taken.`),
  'need.assets_waiting': said(msg`Assets came after the labels were frozen; they are not part of the certificate.`),

  'why.checked': said(msg`It was drawn for the check: the label is what the reviewer said.`),
  'why.reviewed': said(msg`A reviewer decided the label.`),
  'why.nobody': said(msg`Nobody has looked at it yet.`),
  'why.model': said(msg({ message: '{label} with {share}: the model expected {expected} ({expected_share}).' }), WHY),
  'why.people': said(
    msg({
      message:
        '{label} with {share}: {n_agreeing, number} of {n_people, plural, one {# person} other {# people}} said {label}.',
    }),
    WHY,
  ),
  'why.both': said(
    msg({
      message:
        '{label} with {share}: the model expected {expected} ({expected_share}) and {n_agreeing, number} of {n_people, plural, one {# person} other {# people}} said {label}.',
    }),
    WHY,
  ),
  'why.nothing': said(msg({ message: '{label} with {share}: nobody has looked yet.' }), WHY),
  'why.predicted': said(
    msg({
      message: 'A model predicted {n, plural, one {# object} other {# objects}}; nobody has looked at it yet.',
    }),
  ),
  'why.one_answer': said(msg`One person has answered; the label is that answer.`),
  'why.objects': said(
    msg({
      message:
        '{n_people, number} people answered and agree by {agreement}; of {n_objects, plural, one {# object} other {# objects}} that somebody marked, {n_kept, plural, one {# is} other {# are}} more likely there than not.',
    }),
    { agreement: '.0%' },
  ),
}
