import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Kbd, Slider, Text } from '@mantine/core'
import type { Predictions } from '../../../api/types'
import styles from './Objects.module.css'
import type { Objects } from './useObjects'

/** What a model proposes: from which score on it is shown, and taking it over. */
export function PredictionPanel({
  objects,
  session,
  all,
  proposals,
  predictions,
}: Objects & { predictions: Predictions }) {
  const { t } = useLingui()
  const shown = proposals.length
  const hidden = all.filter(({ score }) => (score ?? 1) < session.threshold).length
  const { model, version } = predictions
  return (
    <section className={styles.section} aria-label={t`Predictions`}>
      <Text size="xs" fw={600} className="quiet" px="xs" title={t`${model}, version ${version}`}>
        <Plural value={shown} _0="No prediction left" one="# prediction to look at" other="# predictions to look at" />
      </Text>
      <div className={styles.threshold}>
        <Text size="xs" className="quiet">
          {session.threshold.toFixed(2)} <Trans>and surer</Trans>
          {hidden > 0 && <Trans>; {hidden} less sure</Trans>}
        </Text>
        <Slider
          size="sm"
          min={0}
          max={1}
          step={0.05}
          label={null}
          thumbLabel={t`Least score of predictions shown`}
          value={session.threshold}
          onChange={(threshold) => objects.session.setState({ threshold })}
        />
      </div>
      <Group gap={6} px="xs" wrap="nowrap">
        <Take what={t`Take one`} hint="A" disabled={!shown} run={() => objects.accept()} />
        <Take what={t`Take all`} hint="⇧ A" disabled={!shown} run={() => objects.acceptAll()} />
      </Group>
    </section>
  )
}

export function Take(props: { what: string; hint?: string; disabled: boolean; run: () => void }) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      disabled={props.disabled}
      onMouseDown={(event) => event.preventDefault()}
      onClick={props.run}
      rightSection={props.hint && <Kbd size="xs">{props.hint}</Kbd>}
    >
      {props.what}
    </Button>
  )
}
