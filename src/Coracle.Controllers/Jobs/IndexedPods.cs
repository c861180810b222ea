using System.Globalization;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>Makes the pods of a job (upstream: manageJob, indexed_job_utils.go).</summary>
public static class IndexedPods
{
    private const int PrefixLengthMax = 58; // what the server leaves of a generated name's prefix

    /// <summary>A pod of the job that keeps its finalizer until it is counted; of an indexed job the one for an index.</summary>
    public static Pod Make(JobRun run, int? index)
    {
        var pod = PodTemplates.Make(run.Spec.Template, run.Job);
        if (!JobPods.IsTracked(pod)) Finalizers.Add(pod, JobNames.TrackingFinalizer);
        if (index is { } i) SetIndex(pod, run, i);
        return pod;
    }

    private static void SetIndex(Pod pod, JobRun run, int index)
    {
        var text = index.ToString(CultureInfo.InvariantCulture);
        var annotations = pod.Metadata.Annotations ??= [];
        annotations[JobNames.CompletionIndex] = text;
        (pod.Metadata.Labels ??= [])[JobNames.CompletionIndex] = text;
        pod.Metadata.GenerateName = NamePrefix(run.Job.Metadata.Name, text);
        pod.Spec.Hostname = $"{run.Job.Metadata.Name}-{text}";
        foreach (var container in (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers ?? [])) AddVariable(container);
        if (JobShape.HasLimitPerIndex(run.Spec)) CountFailures(annotations, run, run.AwaitingReplacement.GetValueOrDefault(index));
    }

    /// <summary>"job-3-", the job's name cut so that the index always stays.</summary>
    public static string NamePrefix(string job, string index)
    {
        var end = $"-{index}-";
        return job.Length + end.Length <= PrefixLengthMax ? job + end : job[..(PrefixLengthMax - end.Length)] + end;
    }

    private static void AddVariable(Container container)
    {
        var variables = container.Env ??= [];
        if (variables.Exists(static v => v.Name == JobNames.CompletionIndexVariable)) return;
        variables.Add(new() { Name = JobNames.CompletionIndexVariable, ValueFrom = new() { FieldRef = new() { FieldPath = $"metadata.labels['{JobNames.CompletionIndex}']" } } });
    }

    private static void CountFailures(Dictionary<string, string> annotations, JobRun run, Pod? replaced)
    {
        var (failures, ignored) = replaced is null ? (0, 0) : (JobPods.EarlierFailures(replaced), JobPods.EarlierIgnoredFailures(replaced));
        if (replaced is not null)
        {
            if (run.Counts(replaced)) failures++;
            else ignored++;
        }
        annotations[JobNames.IndexFailureCount] = failures.ToString(CultureInfo.InvariantCulture);
        if (ignored > 0) annotations[JobNames.IndexIgnoredFailureCount] = ignored.ToString(CultureInfo.InvariantCulture);
    }
}
