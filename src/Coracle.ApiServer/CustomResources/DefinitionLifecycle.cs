using System.Text.Json.Nodes;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// What becomes of definitions: their names are accepted unless others have them, they are established, and before they go their objects go
/// (apiextensions-apiserver, pkg/controller). One loop, which does what is to be done for each and waits for the next change.
/// </summary>
public sealed class DefinitionLifecycle(Server server, Action<string> onFailure)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietMax = TimeSpan.FromHours(1);

    /// <summary>Ends by cancellation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (server.Definitions.Cache is not { } cache) return;
        using var waiter = new WatchWaiter(server.Clock, cache);
        while (true)
        {
            var seen = cache.Last;
            var done = true;
            foreach (var definition in server.Definitions.Definitions.Values.OrderBy(d => d.Stored.Revision))
                done &= await TryAsync(definition, cancel);
            if (cache.Last != seen) continue;
            await waiter.WaitAsync(seen, server.Clock.GetUtcNow() + (done ? QuietMax : RetryAfter), cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask<bool> TryAsync(CustomDefinition definition, CancellationToken cancel)
    {
        try
        {
            return definition.IsDeleting ? definition.IsFinalized || await FinishAsync(definition, cancel) : await AcceptAsync(definition, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            onFailure($"definition {definition.Stored.Name}: {e}");
            return false;
        }
    }

    /// <summary>Names and conditions of a definition that is to be served: one write for all of them. False: it is to be tried again.</summary>
    private async ValueTask<bool> AcceptAsync(CustomDefinition definition, CancellationToken cancel)
    {
        var names = ApiContent.Same(definition.Wanted, definition.Names) ? null : new NameChoice(server.Definitions.Definitions.Values, definition);
        var approval = Approval(definition);
        var settled = names is null || definition.Stored.Field("status.conditions") is not null && names.IsKnown(definition);
        if (settled && (names is not null || definition.IsEstablished) && approval is null) return true;
        return await WriteAsync(definition, "status", obj => Accept(obj, names, approval), cancel);
    }

    private void Accept(JsonObject obj, NameChoice? names, (string Status, string Reason, string Message)? approval)
    {
        var now = GoTime.Format(server.Clock.GetUtcNow());
        if (approval is { } own) DefinitionConditions.Set(obj, "KubernetesAPIApprovalPolicyConformant", own.Status, own.Reason, own.Message, now);
        names?.Apply(obj, now);
        if (!DefinitionConditions.IsTrue(obj, "NamesAccepted") || DefinitionConditions.IsTrue(obj, "Established")) return;
        if (HasBadBundle(obj)) DefinitionConditions.Set(obj, "Established", "False", "InvalidCABundle", "The conversion webhook CABundle is invalid", now);
        else DefinitionConditions.Set(obj, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now);
    }

    private static bool HasBadBundle(JsonObject obj) =>
        obj["spec"]?["conversion"]?["webhook"]?["clientConfig"]?["caBundle"] is JsonValue text && text.TryGetValue<string>(out var bundle) && bundle.Length > 0
        && !ConversionRules.IsBundle(Convert.FromBase64String(bundle));

    private static (string, string, string)? Approval(CustomDefinition definition)
    {
        if (!ApiApproval.IsProtected(definition.Group)) return null;
        var (state, message) = ApiApproval.Of(new Dictionary<string, string> { [ApiApproval.Annotation] = definition.ApprovalAnnotation });
        if (message == definition.ApprovalMessage) return null;
        return state switch
        {
            ApiApproval.State.Approved => ("True", "ApprovedAnnotation", message),
            ApiApproval.State.Bypassed => ("False", "UnapprovedAnnotation", message),
            ApiApproval.State.Missing => ("False", "MissingAnnotation", message),
            _ => ("False", "InvalidAnnotation", message),
        };
    }

    /// <summary>1. Say so. 2. Delete every object. 3. When the last is gone, let the definition go.</summary>
    private async ValueTask<bool> FinishAsync(CustomDefinition definition, CancellationToken cancel)
    {
        var (reason, message) = ("NeverEstablished", "resource was never established");
        if (definition is { IsEstablished: true, Storage: { } storage })
        {
            await WriteAsync(definition, "status", obj => Terminating(obj, "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress"), cancel);   // 1
            foreach (var stored in storage.Cache.Current.Objects.From(""))                                                                                              // 2
            {
                var ctx = OwnRequest.About(server, storage, stored.Namespace, stored.Name, "", cancel);
                var deleted = await server.Writer.DeleteAsync(ctx, new DeleteOptions());
                if (deleted.Failed && deleted.Error.Reason != "NotFound")
                    await WriteAsync(definition, "status", obj => Terminating(obj, "True", "InstanceDeletionFailed", $"could not issue all deletes: {deleted.Error.Message}"), cancel);
            }
            if (storage.Cache.Current.Objects.Count > 0) return false;
            (reason, message) = ("InstanceDeletionCompleted", "removed all instances");
        }
        await WriteAsync(definition, "status", obj => Terminating(obj, "False", reason, message), cancel);                                                             // 3
        return await WriteAsync(definition, "", obj =>
        {
            if (Meta.Of(obj)["finalizers"] is not JsonArray finalizers) return;
            for (var i = finalizers.Count - 1; i >= 0; i--)
                if ((string?)finalizers[i] == CustomResourceDefinitionRules.Finalizer) finalizers.RemoveAt(i);
        }, cancel);
    }

    private void Terminating(JsonObject obj, string status, string reason, string message) =>
        DefinitionConditions.Set(obj, "Terminating", status, reason, message, GoTime.Format(server.Clock.GetUtcNow()));

    private async ValueTask<bool> WriteAsync(CustomDefinition definition, string subresource, Action<JsonObject> change, CancellationToken cancel)
    {
        if (server.Resources.Find(CustomResourceDefinition.Info.GroupVersionKind) is not { } resource) return true;
        var ctx = OwnRequest.About(server, resource, "", definition.Stored.Name, subresource, cancel);
        var written = await server.Writer.UpdateAsync(ctx, subresource, live =>
        {
            if (Meta.Text(Meta.Of(live), "uid") != definition.Uid) return ApiStatus.NotFound(resource.Kind, definition.Stored.Name);
            Meta.Of(live).Remove("resourceVersion");
            change(live);
            return live;
        });
        if (!written.Failed || written.Error.Reason is "NotFound" or "Conflict") return true;
        onFailure($"definition {definition.Stored.Name}: {written.Error.Message}");
        return false;
    }
}
