import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { Link, useNavigate, useParams } from 'react-router'
import { useForgetModel, useModel } from '../../api/models'
import { useMay } from '../../api/session'
import type { Model } from '../../api/types'
import { Ago } from '../common/Ago'
import { FaultList, ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { Sure } from '../common/Sure'
import { useTitle } from '../common/useTitle'
import { ModelSettings } from './ModelSettings'
import { isInTrouble, ModelState } from './Models'
import { ModelTrial } from './ModelTrial'
import { useAdapterTitles } from './titles'
import { UseInProject } from './UseInProject'
import { Versions } from './Versions'

/** One model: whether it works, its versions, and where it is used. */
export function ModelPage() {
  const { t } = useLingui()
  const { modelId = '' } = useParams()
  const model = useModel(modelId)
  const mayManage = useMay('work.manage')
  useTitle(model.data?.name)
  if (model.isPending) return <Skeleton height={320} />
  if (model.isError)
    return (
      <ProblemNote what={t`This model could not be opened`} cause={model.error} retry={() => void model.refetch()} />
    )
  const now = model.data
  return (
    <Stack maw={900}>
      <Head model={now} mayManage={mayManage} />
      {now.error && (
        <Section
          title={t`Last error`}
          about={
            now.error_at && (
              <>
                <Ago at={now.error_at} />
                {!isInTrouble(now) && (
                  <>
                    {' · '}
                    <Trans>a later test went well</Trans>
                  </>
                )}
              </>
            )
          }
        >
          <FaultList faults={[now.error]} />
        </Section>
      )}
      {now.adapter === 'onnx' && <Versions model={now} mayManage={mayManage} />}
      {mayManage && now.settings && <ModelTrial model={now} />}
      {mayManage && now.adapter !== 'in-process' && <UseInProject model={now} />}
      {mayManage && now.settings && <ModelSettings model={now} />}
    </Stack>
  )
}

function Head({ model, mayManage }: { model: Model; mayManage: boolean }) {
  const { t } = useLingui()
  const titles = useAdapterTitles()
  const navigate = useNavigate()
  const forget = useForgetModel()
  const url = model.settings && 'url' in model.settings ? model.settings.url : null
  return (
    <div>
      <Anchor component={Link} to="/models" size="sm">
        <Trans>All models</Trans>
      </Anchor>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Group gap="sm">
          <Title order={1} size="h3">
            {model.name}
          </Title>
          {!isInTrouble(model) && <ModelState model={model} />}
        </Group>
        {mayManage && (
          <Sure
            label={t`Forget ${model.name}`}
            deed={t`Forget it`}
            busy={forget.isPending}
            error={forget.error}
            run={() => forget.mutate(model.id, { onSuccess: () => void navigate('/models') })}
          >{t`Forget`}</Sure>
        )}
      </Group>
      <Text size="sm" className="quiet" style={{ overflowWrap: 'anywhere' }}>
        {[titles[model.adapter] ?? model.adapter, model.kind, url].filter(Boolean).join(' · ')}
        {model.header_names.length > 0 && ` · ${t`sends ${model.header_names.join(', ')}, sealed`}`}
      </Text>
    </div>
  )
}
