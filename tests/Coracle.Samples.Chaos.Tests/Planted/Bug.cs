namespace Coracle.Samples.Chaos.Tests.Planted;

/// <summary>Mistakes that authors of reconcilers make, and that no test without faults finds.</summary>
public enum Bug
{
    None,

    /// <summary>Who waits for a time asks to be called again only by the pass that began to wait: a process that ends meanwhile takes the wait with it.</summary>
    LostRequeue,

    /// <summary>What was made is counted in the cache, under names that the server makes up: a cache that lags has it made again.</summary>
    StaleRead,

    /// <summary>What is made does not name its owner: it stays when the owner goes.</summary>
    MissingOwner,

    /// <summary>What was made is counted in the status, which is written afterwards: a process that ends between the two makes it again.</summary>
    DoubleCreate,

    /// <summary>The answer to the write that takes the finalizer away is not looked at: refused once, it is never tried again.</summary>
    FinalizerNeverRemoved,

    /// <summary>A status that was in conflict is taken for written.</summary>
    StatusWithoutConflictHandling,
}
