/** What scripts add to a page of the documents: the search, and the choice of colours. */

import { startColours } from './colours.js';
import { foldNavigation } from './navigation.js';
import { startSearch } from './search.js';

startColours();
startSearch();
foldNavigation();
