import { describe, expect, test } from 'vitest'
import type { Box } from '../../../geometry/boxes'
import { imagePoint, screenPoint } from '../../../geometry/points'
import { add, change } from '../../../kernel/commands'
import { canUndo, EMPTY, type History, redo, run, undo } from '../../../kernel/document'
import { BoxTool } from './BoxTool'
import type { BoxDesk, BoxMode, BoxPreview } from './desk'

const IMAGE = { width: 200, height: 100 }

/** The tool at a desk that is only data; one screen pixel is one of the image. */
class TestEditor {
  history: History = EMPTY
  selection: readonly string[] = []
  shown: BoxPreview | null = null
  proposed: { id: string; box: Box }[] = []
  panned = { dx: 0, dy: 0 }
  isPanning = false
  mode: BoxMode = 'draw'
  private made = 0
  private last = { x: 0, y: 0 }
  readonly tool: BoxTool

  constructor(boxes: Record<string, Box> = {}) {
    for (const [id, payload] of Object.entries(boxes)) {
      this.history = { ...run(this.history, add('there', [{ id, kind: 'image.box', payload }])), done: [] }
    }
    const desk: BoxDesk = {
      image: () => IMAGE,
      mode: () => this.mode,
      isPanning: () => this.isPanning,
      things: () => [
        ...Object.entries(this.boxes()).map(([id, box]) => ({ id, box, isProposed: false })),
        ...this.proposed.map((each) => ({ ...each, isProposed: true })),
      ],
      selection: () => this.selection,
      select: (ids) => {
        this.selection = ids
      },
      slack: (isCoarse) => (isCoarse ? 12 : 4),
      smallest: () => 2,
      preview: (preview) => {
        this.shown = preview
      },
      add: (payload) => {
        const id = `new${this.made++}`
        this.history = run(this.history, add('draw', [{ id, kind: 'image.box', payload }]))
        this.selection = [id]
      },
      place: (name, placed) => {
        this.history = run(
          this.history,
          change<Box>(name, [...placed.keys()], (_, id) => placed.get(id) as Box),
        )
      },
      pan: (dx, dy) => {
        this.panned = { dx: this.panned.dx + dx, dy: this.panned.dy + dy }
      },
      middle: () => imagePoint(100, 50),
    }
    this.tool = new BoxTool(desk)
  }

  boxes = () => Object.fromEntries(Object.values(this.history.document).map(({ id, payload }) => [id, payload as Box]))

  private press = (x: number, y: number, shift: boolean, isCoarse = false) => {
    this.last = { x, y }
    return { at: imagePoint(x, y), screen: screenPoint(x, y), shift, isCoarse }
  }

  down(x: number, y: number, { shift = false, touch = false } = {}) {
    this.tool.down(this.press(x, y, shift, touch))
    return this
  }

  move(x: number, y: number) {
    this.tool.move(this.press(x, y, false))
    return this
  }

  up(x = this.last.x, y = this.last.y) {
    this.tool.up(this.press(x, y, false))
    return this
  }

  drag(from: [number, number], to: [number, number], keys = {}) {
    return this.down(...from, keys)
      .move(...to)
      .up(...to)
  }

  escape() {
    this.tool.cancel()
    return this
  }
}

const A = { x: 20, y: 20, width: 40, height: 30 }
const B = { x: 100, y: 40, width: 20, height: 20 }
const editor = (boxes: Record<string, Box> = {}) => new TestEditor(boxes)

describe('drawing', () => {
  test('a drag makes a box, which is then selected, and undo takes it back', () => {
    const it = editor().drag([10, 10], [40, 30])
    expect(it.boxes()).toEqual({ new0: { x: 10, y: 10, width: 30, height: 20 } })
    expect(it.selection).toEqual(['new0'])
    expect(undo(it.history).document).toEqual({})
    expect(redo(undo(it.history)).document).toEqual(it.history.document)
  })

  test('escape while drawing leaves no trace', () => {
    const it = editor().down(10, 10).move(40, 40)
    expect(it.tool.state).toBe('drawing')
    expect(it.shown).toEqual({ drawn: { x: 10, y: 10, width: 30, height: 30 } })
    it.escape().up()
    expect(it.boxes()).toEqual({})
    expect(canUndo(it.history)).toBe(false)
    expect(it.shown).toBeNull()
    expect(it.tool.state).toBe('idle')
  })

  test('a hand that leaves the image draws to its edge', () => {
    expect(editor().drag([150, 60], [900, 900]).boxes().new0).toEqual({ x: 150, y: 60, width: 50, height: 40 })
    expect(editor().drag([-50, -50], [30, 30]).boxes().new0).toEqual({ x: 0, y: 0, width: 30, height: 30 })
  })

  test('too small is a click: it selects what lies there, and nothing where nothing lies', () => {
    const it = editor({ a: A }).drag([30, 30], [31, 31])
    expect(it.boxes()).toEqual({ a: A })
    expect(it.selection).toEqual(['a'])
    expect(it.drag([150, 90], [150, 90]).selection).toEqual([])
    expect(canUndo(it.history)).toBe(false)
  })

  test('inside a box that is not selected another one can be drawn', () => {
    const it = editor({ a: A }).drag([30, 25], [50, 45])
    expect(Object.keys(it.boxes())).toEqual(['a', 'new0'])
  })

  test('shift and a click add to the selection and take away from it', () => {
    const it = editor({ a: A, b: B }).drag([30, 30], [30, 30]).drag([110, 50], [110, 50], { shift: true })
    expect(it.selection).toEqual(['a', 'b'])
    expect(it.drag([30, 30], [30, 30], { shift: true }).selection).toEqual(['b'])
  })
})

describe('moving and resizing', () => {
  test('what is selected moves together and stops together at the edge', () => {
    const it = editor({ a: A, b: B })
    it.selection = ['a', 'b']
    it.drag([30, 30], [-70, 40])
    expect(it.boxes()).toEqual({ a: { ...A, x: 0, y: 30 }, b: { ...B, x: 80, y: 50 } })
    expect(it.history.done).toHaveLength(1)
  })

  test('escape while dragging leaves the box where it was', () => {
    const it = editor({ a: A })
    it.selection = ['a']
    it.down(30, 30).move(60, 60)
    expect(it.shown?.placed?.get('a')).toEqual({ ...A, x: 50, y: 50 })
    it.escape().move(70, 70).up()
    expect(it.boxes()).toEqual({ a: A })
    expect(canUndo(it.history)).toBe(false)
  })

  test('a border can be taken though another tool draws', () => {
    expect(editor({ a: A }).drag([40, 20], [45, 20]).boxes().a).toEqual({ ...A, x: 25 })
  })

  test('a handle resizes, over the opposite corner as well', () => {
    const it = editor({ a: A })
    it.selection = ['a']
    it.drag([60, 50], [70, 60])
    expect(it.boxes().a).toEqual({ ...A, width: 50, height: 40 })
    it.drag([70, 60], [10, 10])
    expect(it.boxes().a).toEqual({ x: 10, y: 10, width: 10, height: 10 })
    expect(it.history.done.map(({ name }) => name)).toEqual(['resize', 'resize'])
  })

  test('taking a handle beside its middle moves nothing by itself', () => {
    const it = editor({ a: A })
    it.selection = ['a']
    expect(it.drag([62, 51], [63, 51]).boxes().a).toEqual({ ...A, width: 41 })
  })

  test('a box is never resized to nothing', () => {
    const it = editor({ a: A })
    it.selection = ['a']
    expect(it.drag([60, 50], [20, 20]).boxes()).toEqual({ a: A })
  })

  test('a finger finds a handle that a mouse would miss', () => {
    const it = editor({ a: A })
    it.selection = ['a']
    it.down(70, 58, { touch: true })
    expect(it.tool.state).toBe('dragging-handle')
    it.escape().down(70, 58)
    expect(it.tool.state).toBe('drawing')
  })
})

describe('selecting', () => {
  test('a marquee selects what it touches; a click on nothing selects nothing', () => {
    const it = editor({ a: A, b: B })
    it.mode = 'select'
    expect(it.drag([10, 10], [105, 45]).selection).toEqual(['a', 'b'])
    expect(it.drag([180, 90], [180, 90]).selection).toEqual([])
    expect(it.boxes()).toEqual({ a: A, b: B })
  })

  test('a drag on a box selects and moves it at once', () => {
    const it = editor({ a: A })
    it.mode = 'select'
    it.drag([30, 30], [40, 30])
    expect(it.selection).toEqual(['a'])
    expect(it.boxes().a).toEqual({ ...A, x: 30 })
  })

  test('what is only proposed can be selected but not moved', () => {
    const it = editor()
    it.proposed = [{ id: 'p', box: A }]
    it.mode = 'select'
    it.drag([30, 30], [60, 60])
    expect(it.selection).toEqual(['p'])
    expect(it.boxes()).toEqual({})
  })
})

describe('the rest', () => {
  test('with space held down the image moves and nothing is drawn', () => {
    const it = editor()
    it.isPanning = true
    it.drag([10, 10], [40, 30])
    expect(it.panned).toEqual({ dx: 30, dy: 20 })
    expect(it.boxes()).toEqual({})
  })

  test('by keys: Enter, arrows, Enter is a box', () => {
    const it = editor()
    it.tool.startByKeys()
    it.tool.arrow({ dx: -20, dy: -10 })
    expect(it.shown?.crosshair).toEqual(imagePoint(80, 40))
    expect(it.tool.confirm()).toBe(true)
    expect(it.tool.confirm()).toBe(true)
    expect(it.boxes()).toEqual({})
    it.tool.arrow({ dx: 30, dy: 0 })
    it.tool.arrow({ dx: 0, dy: 25 })
    it.tool.confirm()
    expect(it.boxes()).toEqual({ new0: { x: 80, y: 40, width: 30, height: 25 } })
    expect(it.tool.isBusy).toBe(false)
    expect(it.tool.confirm()).toBe(false)
  })

  test('by keys: escape after the first corner leaves no trace, and the crosshair stays in the image', () => {
    const it = editor()
    it.tool.startByKeys()
    it.tool.arrow({ dx: 999, dy: -999 })
    expect(it.shown?.crosshair).toEqual(imagePoint(200, 0))
    it.tool.confirm()
    it.escape()
    expect(it.boxes()).toEqual({})
    expect(it.shown).toBeNull()
  })
})
