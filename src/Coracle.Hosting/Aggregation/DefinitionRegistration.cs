using Coracle.ApiServer;
using Coracle.Kinds.ApiRegistration.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Hosting;

/// <summary>
/// Keeps an APIService for each version that definitions serve (upstream: controlplane/controller/crdregistration and kube-aggregator's autoregister). One loop, which asks the server for
/// what it serves rather than keep the definitions, which are large, once more.
/// </summary>
internal sealed class DefinitionRegistration(Server server, Client client, Action<Exception> onFailure)
{
    private const string Definitions = "customresourcedefinitions.apiextensions.k8s.io/";
    private const string Services = "apiservices.apiregistration.k8s.io/";
    private const string Continuously = "true";
    private static readonly TimeSpan Resync = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Signal _changed = new();

    /// <summary>Ends by cancellation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var subscription = server.Store.Subscribe(Note);
        while (true)
        {
            var done = await TryAsync(cancel);
            await _changed.WaitAsync(done ? Resync : RetryAfter, server.Clock, cancel);
        }
    }

    private void Note(ReadOnlyMemory<Change> batch)
    {
        foreach (var change in batch.Span)
        {
            if (!change.Key.StartsWith(Definitions, StringComparison.Ordinal) && !change.Key.StartsWith(Services, StringComparison.Ordinal)) continue;
            _changed.Set();
            return;
        }
    }

    private async ValueTask<bool> TryAsync(CancellationToken cancel)
    {
        try
        {
            await RegisterAsync(cancel);
            return true;
        }
        catch (Exception e) when (e is ApiException or IOException)
        {
            onFailure(e);
            return false;
        }
    }

    // An APIService that somebody else made, or took over, is theirs.
    private async ValueTask RegisterAsync(CancellationToken cancel)
    {
        var wanted = server.Resources.All.Where(r => !r.Kind.BuiltIn).Select(r => (r.Kind.Group, r.Kind.Version)).ToHashSet();
        foreach (var stored in server.Cache.Resource(Services[..^1]).Last.After.From(""))
        {
            var live = stored.Typed<APIService>();
            var isWanted = wanted.Remove((live.Spec.Group, live.Spec.Version));
            if (live.Metadata.Labels?.GetValueOrDefault(ApiServiceObjects.Managed) != Continuously) continue;
            if (!isWanted) await client.DeleteAsync(live, cancel: cancel);
            else if (Wanted(live.Spec.Group, live.Spec.Version) is var right && !live.Spec.ContentEquals(right.Spec))
            {
                live.Spec = right.Spec;
                var updated = await client.TryUpdateAsync(live, cancel);
                if (!updated.Ok && !updated.IsConflict && !updated.IsNotFound) updated.OrThrow();
            }
        }
        foreach (var (group, version) in wanted.Order())
        {
            var created = await client.TryCreateAsync(Wanted(group, version), cancel);
            if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
        }
    }

    private static APIService Wanted(string group, string version) => ApiServiceObjects.Wanted(group, version, VersionPriorities.Custom, Continuously);
}
