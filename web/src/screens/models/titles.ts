import { useLingui } from '@lingui/react/macro'

/** What the ways to ask a model are called. */
export function useAdapterTitles(): Record<string, string> {
  const { t } = useLingui()
  return {
    onnx: t`ONNX file`,
    http: t`Server over HTTP`,
    'label-studio': t`Label Studio ML backend`,
    'in-process': t`Learns here from the answers`,
    import: t`Predictions from files`,
  }
}
