using Coracle.ApiServer;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Hosting;

/// <summary>
/// Writes into the status of policies what does not fit the types that they are about (upstream: the controller manager's
/// validatingadmissionpolicy-status-controller, which has to ask for the types; here they are at hand).
/// </summary>
internal sealed class PolicyStatus(Server server, Client client)
{
    private const string Resource = "validatingadmissionpolicies.admissionregistration.k8s.io";
    private static readonly TimeSpan Resync = TimeSpan.FromHours(1);

    private readonly Signal _changed = new();

    /// <summary>Ends by cancellation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var subscription = server.Store.Subscribe(Note);
        while (true)
        {
            foreach (var stored in server.Cache.Resource(Resource).Last.After.From("")) await CheckAsync(stored, cancel);
            await _changed.WaitAsync(Resync, server.Clock, cancel);
        }
    }

    private void Note(ReadOnlyMemory<Change> batch)
    {
        foreach (var change in batch.Span)
        {
            if (!change.Key.StartsWith(Resource, StringComparison.Ordinal)) continue;
            _changed.Set();
            return;
        }
    }

    // One that was changed meanwhile is checked again for that change.
    private async ValueTask CheckAsync(StoredObject stored, CancellationToken cancel)
    {
        var policy = stored.Typed<ValidatingAdmissionPolicy>();
        if (policy.Metadata.Generation <= policy.Status.ObservedGeneration) return;
        var warnings = PolicyTypes.Check(server.Resources, policy);
        policy.Status.ObservedGeneration = policy.Metadata.Generation;
        policy.Status.TypeChecking = new TypeChecking { ExpressionWarnings = warnings.Count > 0 ? warnings : null };
        await client.TryUpdateStatusAsync(policy, cancel);
    }
}
