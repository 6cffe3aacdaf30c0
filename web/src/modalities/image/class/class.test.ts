import { holdsItsContract } from '../../../test/contract'
import { imageClass } from './class'

holdsItsContract(imageClass)
