using Coracle.Kinds.FlowControl.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// Keeps the priority levels and flow schemas that every cluster has (upstream: apiserver, util/flowcontrol's ensurer): the mandatory ones always as they must
/// be, the suggested ones until an administrator takes them over by the annotation. What an older version suggested goes.
/// </summary>
internal sealed class FlowControlObjects(Client client, TimeProvider clock)
{
    private const string Dangling = "Dangling";
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Makes and corrects what has to be, once.</summary>
    public async Task EnsureAsync(CancellationToken cancel)
    {
        await Ensure(FlowDefaults.MandatoryLevels, FlowDefaults.SuggestedLevels, l => l.Metadata, SameLevel, (live, wanted) => live.Spec = Corrected(live, wanted), cancel);
        await Ensure(FlowDefaults.MandatorySchemas, FlowDefaults.SuggestedSchemas, s => s.Metadata, (a, b) => a.Spec.ContentEquals(b.Spec), (live, wanted) => live.Spec = wanted.Spec.DeepCopy(), cancel);
        await TellOfMissingLevels(cancel);
    }

    /// <summary>The same every minute, until told to stop. What cannot be written now is tried again then.</summary>
    public async Task RunAsync(Action<Exception> onError, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stop);
            try
            {
                await EnsureAsync(stop);
            }
            catch (ApiException e)
            {
                onError(e);
            }
        }
    }

    private async Task Ensure<T>(
        IReadOnlyList<T> mandatory, IReadOnlyList<T> suggested, Func<T, ObjectMeta> metadata, Func<T, T, bool> same, Action<T, T> correct, CancellationToken cancel)
        where T : class, IKind<T>
    {
        var live = (await client.ListAllAsync<T>(cancel: cancel)).Items.ToDictionary(o => metadata(o).Name, StringComparer.Ordinal);
        foreach (var wanted in mandatory.Concat(suggested))
        {
            if (!live.Remove(metadata(wanted).Name, out var found))
            {
                var created = await client.TryCreateAsync(wanted, cancel);
                if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
                continue;
            }
            // One that never changed and says nothing is from before the annotation.
            var ours = mandatory.Contains(wanted) || Mark(metadata(found)) is var mark && (mark == "true" || mark is null && metadata(found).Generation == 1);
            if (!ours || same(found, wanted) && Mark(metadata(found)) is not null) continue;
            var changed = (T)found.DeepCopy();
            correct(changed, wanted);
            (metadata(changed).Annotations ??= []).TryAdd(FlowDefaults.AutoUpdate, "true");
            (await client.TryUpdateAsync(changed, cancel)).OrThrow();
        }
        foreach (var left in live.Values.Where(o => Mark(metadata(o)) == "true")) await client.DeleteAsync(left, cancel: cancel);
    }

    // Each schema says whether its level is there.
    private async Task TellOfMissingLevels(CancellationToken cancel)
    {
        var levels = (await client.ListAllAsync<PriorityLevelConfiguration>(cancel: cancel)).Items.Select(l => l.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var schema in (await client.ListAllAsync<FlowSchema>(cancel: cancel)).Items)
        {
            var level = schema.Spec.PriorityLevelConfiguration.Name;
            var missing = !levels.Contains(level);
            var status = missing ? "True" : "False";
            var found = schema.Status.Conditions?.Find(c => c.Type == Dangling);
            var message = $"This FlowSchema references the PriorityLevelConfiguration object named \"{level}\" " + (missing ? "but there is no such object" : "and it exists");
            if (found?.Status == status && found.Message == message) continue;
            var changed = schema.DeepCopy();
            changed.Status.Conditions = [.. (changed.Status.Conditions ?? []).Where(c => c.Type != Dangling), new()
            {
                Type = Dangling, Status = status, Reason = missing ? "NotFound" : "Found", Message = message,
                LastTransitionTime = found?.Status == status ? found.LastTransitionTime : clock.GetUtcNow(),
            }];
            var written = await client.TryUpdateStatusAsync(changed, cancel);
            if (!written.Ok && !written.IsNotFound && !written.IsConflict) written.OrThrow();
        }
    }

    private static string? Mark(ObjectMeta metadata) => metadata.Annotations?.GetValueOrDefault(FlowDefaults.AutoUpdate);

    private static bool SameLevel(PriorityLevelConfiguration live, PriorityLevelConfiguration wanted) => live.Spec.ContentEquals(Corrected(live, wanted));

    // What the exempt level leaves to others is the administrator's to say.
    private static PriorityLevelConfigurationSpec Corrected(PriorityLevelConfiguration live, PriorityLevelConfiguration wanted)
    {
        var spec = wanted.Spec.DeepCopy();
        if (spec.Type == PriorityLevelEnablement.Exempt && live.Spec.Exempt is { } exempt) spec.Exempt = exempt.DeepCopy();
        return spec;
    }
}
