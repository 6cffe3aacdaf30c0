import { Trans, useLingui } from '@lingui/react/macro'
import { Fieldset, Stack } from '@mantine/core'
import { type Field, Fields, type FormState } from './Fields'
import { Normalisation } from './Normalisation'

/** How an asset becomes the input of an ONNX file, and how its outputs are read. Most is read from the file itself. */
export function OnnxFields({ kind, form }: { kind: string; form: FormState }) {
  const isImage = kind.startsWith('image.')
  const image = useImage(form)
  const name = useName()
  const output = useOutput(kind, form)
  return (
    <Stack gap="sm">
      <Fieldset legend={<Trans>What goes in</Trans>}>
        <Stack gap="sm">
          {isImage && (
            <>
              <Fields fields={image} form={form} />
              <Normalisation form={form} />
            </>
          )}
          <Fields fields={name} form={form} />
        </Stack>
      </Fieldset>
      <Fieldset legend={<Trans>What comes out</Trans>}>
        <Fields fields={output} form={form} />
      </Fieldset>
    </Stack>
  )
}

function useName(): Field[] {
  const { t } = useLingui()
  return [{ place: 'input.name', label: t`Name of the input`, about: t`Where the file has several.` }]
}

function useImage(form: FormState): Field[] {
  const { t } = useLingui()
  const asFile = { value: '', label: t`as the file says` }
  const fields: Field[] = [
    {
      place: 'input.resize',
      label: t`Made to fit by`,
      choices: [
        { value: 'stretch', label: t`stretching` },
        { value: 'letterbox', label: t`filling up (letterbox)` },
        { value: 'crop', label: t`cutting (crop)` },
      ],
    },
    { place: 'input.width', label: t`Width in pixels`, about: t`Where the file leaves it open.` },
    { place: 'input.height', label: t`Height in pixels`, about: t`Where the file leaves it open.` },
    {
      place: 'input.layout',
      label: t`Order of dimensions`,
      choices: [asFile, { value: 'nchw', label: 'N C H W' }, { value: 'nhwc', label: 'N H W C' }],
    },
    {
      place: 'input.colors',
      label: t`Colours`,
      choices: [
        asFile,
        { value: 'rgb', label: 'RGB' },
        { value: 'bgr', label: 'BGR' },
        { value: 'gray', label: t`grey` },
      ],
    },
  ]
  if (form.draft['input.resize'] === 'letterbox')
    fields.push({ place: 'input.pad', label: t`Filled up with, 0 to 255` })
  return fields
}

function useOutput(kind: string, form: FormState): Field[] {
  const { t } = useLingui()
  const scores = { place: 'output.scores', label: t`Output with the scores` }
  if (!kind.endsWith('.box'))
    return [
      {
        place: 'output.activation',
        label: t`Scores become probabilities`,
        choices: [
          { value: 'auto', label: t`by softmax, if they are none` },
          { value: 'softmax', label: t`by softmax` },
          { value: 'none', label: t`as they are` },
        ],
      },
      { ...scores, about: t`Where the file has several outputs.` },
    ]
  const asShapes = { value: '', label: t`as the shapes say` }
  const layout = form.draft['output.layout']
  return [
    {
      place: 'output.layout',
      label: t`Boxes come as`,
      choices: [
        asShapes,
        { value: 'separate', label: t`boxes, scores, labels apart` },
        { value: 'yolo', label: t`YOLO, a score for each class` },
        { value: 'rows', label: t`rows of six numbers` },
      ],
    },
    {
      place: 'output.box',
      label: t`Four numbers of a box`,
      choices: [
        asShapes,
        { value: 'xyxy', label: t`two corners` },
        { value: 'xywh', label: t`corner and size` },
        { value: 'cxcywh', label: t`centre and size` },
      ],
    },
    {
      place: 'output.units',
      label: t`Counted in`,
      choices: [
        { value: 'pixels', label: t`pixels of the input` },
        { value: 'shares', label: t`shares of it, 0 to 1` },
      ],
    },
    { place: 'output.min_score', label: t`Least score`, about: t`Weaker ones are left out.` },
    {
      place: 'output.max_overlap',
      label: t`Most overlap`,
      about: t`Of two that overlap more, one stays; 1 keeps all.`,
    },
    {
      place: 'output.first_label',
      label: t`First class has the number`,
      choices: [
        { value: '0', label: '0' },
        { value: '1', label: '1' },
      ],
    },
    ...(layout === 'yolo' || layout === 'rows'
      ? []
      : [
          { place: 'output.boxes', label: t`Output with the boxes` },
          scores,
          { place: 'output.labels', label: t`Output with the labels` },
        ]),
  ]
}
