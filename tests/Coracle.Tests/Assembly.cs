// Each test runs a cluster on the machine, and some measure: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
