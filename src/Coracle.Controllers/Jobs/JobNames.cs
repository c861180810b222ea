namespace Coracle.Controllers.Jobs;

/// <summary>Labels, annotations and the finalizer by which jobs and their pods know each other (batch/v1 types.go).</summary>
public static class JobNames
{
    /// <summary>Keeps a pod from vanishing before it is counted.</summary>
    public const string TrackingFinalizer = "batch.kubernetes.io/job-tracking";

    /// <summary>Annotation and label of an indexed job's pod: which index it works on.</summary>
    public const string CompletionIndex = "batch.kubernetes.io/job-completion-index";

    /// <summary>How many pods failed in the index before this one, those that a policy ignores not counted.</summary>
    public const string IndexFailureCount = "batch.kubernetes.io/job-index-failure-count";

    /// <summary>How many pods failed in the index before this one that a policy ignores.</summary>
    public const string IndexIgnoredFailureCount = "batch.kubernetes.io/job-index-ignored-failure-count";

    /// <summary>The environment variable by which a container learns its index.</summary>
    public const string CompletionIndexVariable = "JOB_COMPLETION_INDEX";

    /// <summary>The value of spec.managedBy that means this controller, as does none.</summary>
    public const string ControllerName = "kubernetes.io/job-controller";
}
