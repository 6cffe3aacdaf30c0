import { holdsItsContract } from '../../../test/contract'
import { imageBox } from './box'

holdsItsContract(imageBox)
