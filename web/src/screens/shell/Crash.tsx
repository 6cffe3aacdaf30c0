import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Container, Stack, Text, Title } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Link, useRouteError } from 'react-router'
import { Empty } from '../common/Empty'
import { takeLoadingAnew } from './outdated'

/** A fault of this app. Nothing handed in is lost by it: answers are kept before they are sent. */
export function Crash() {
  const cause = useRouteError()
  useEffect(() => {
    if (takeLoadingAnew()) location.reload()
  }, [])
  return (
    <Container size="sm" py={64}>
      <Stack align="flex-start">
        <Title order={1} size="h3">
          <Trans>This page broke</Trans>
        </Title>
        <Text>
          <Trans>
            What you have handed in is kept. Load the page again; if it breaks again, show this to whoever runs the
            server:
          </Trans>
        </Text>
        <Text ff="monospace" size="sm">
          {cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}
        </Text>
        <Button onClick={() => location.reload()}>
          <Trans>Load again</Trans>
        </Button>
      </Stack>
    </Container>
  )
}

export function NotFound() {
  const { t } = useLingui()
  return (
    <Empty
      icon={<IconMapOff size={40} stroke={1.4} />}
      order={1}
      title={t`There is nothing at this address`}
      action={
        <Anchor component={Link} to="/">
          <Trans>Go to your home page</Trans>
        </Anchor>
      }
    >
      <Trans>The link may be old, or the thing may belong to others.</Trans>
    </Empty>
  )
}
