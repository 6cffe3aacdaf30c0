import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeMe, useMe } from '../../api/account'
import type { Me } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { useRoles } from '../common/roles'
import { Said } from '../common/Said'
import { Section } from '../common/Section'
import { ProofOrProblem } from './ProofOrProblem'

/** Who I am here. */
export function Profile() {
  const { t } = useLingui()
  const me = useMe()
  if (me.isPending) return <Skeleton height={240} />
  if (me.isError)
    return <ProblemNote what={t`Your account could not be read`} cause={me.error} retry={() => void me.refetch()} />
  return <ProfileForm key={me.data.user_id} me={me.data} />
}

function ProfileForm({ me }: { me: Me }) {
  const { t } = useLingui()
  const roles = useRoles()
  const change = useChangeMe()
  const [name, setName] = useState(me.name)
  const [email, setEmail] = useState(me.email ?? '')
  const changes = {
    ...(name.trim() !== me.name && { name: name.trim() }),
    ...(email.trim() !== (me.email ?? '') && { email: email.trim() }),
  }
  const isChanged = Object.keys(changes).length > 0
  const role = roles[me.role]
  return (
    <Section title={t`Profile`} about={t`Look and language are in your menu at the top.`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(changes)
        }}
      >
        <Stack gap="sm" maw={420}>
          <TextInput
            label={t`Name`}
            description={t`Others see it beside your work.`}
            value={name}
            maxLength={100}
            autoComplete="name"
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label={t`E-mail`}
            description={
              me.email
                ? t`You sign in with it.`
                : t`Without one you can only come in by a one-time link of the server. Give one, then set a password.`
            }
            type="email"
            value={email}
            autoComplete="email"
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <Group gap="sm">
            <Button type="submit" disabled={!isChanged || !name.trim()} loading={change.isPending}>
              <Trans>Save</Trans>
            </Button>
            {change.isSuccess && !isChanged && (
              <Text size="sm" c="var(--good)" role="status">
                <Trans>Saved</Trans>
              </Text>
            )}
          </Group>
        </Stack>
      </form>
      <ProofOrProblem what={t`Nothing was changed`} cause={change.error} again={() => change.mutate(changes)} />
      <div>
        <Text size="sm">
          <Trans>
            At <Said text={me.tenant_name} /> you are <Said text={role.title} strong />.
          </Trans>
        </Text>
        <Text size="sm" className="quiet">
          {role.may}
        </Text>
        {me.groups.length > 0 && (
          <Text size="sm" className="quiet">
            {t`Groups: ${me.groups.map((group) => group.name).join(', ')}`}
          </Text>
        )}
      </div>
    </Section>
  )
}
