using System.Text.Json.Nodes;
using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Asks <see cref="GrantCheck"/> before roles and bindings are written. Belongs at the end of the chain: what it has seen is what is stored.</summary>
/// <remarks>Upstream does this in the storages of the four kinds; there is no admission plugin of this name.</remarks>
public sealed class GrantAdmission(GrantCheck grants) : AdmissionPlugin
{
    public override string Name => "RoleGrants";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Kind.Group != "rbac.authorization.k8s.io" || context.Object is not { } obj || context.Operation is not (Operation.Create or Operation.Update))
            return default;
        // The garbage collector must be able to let go of any of them.
        if (context.Old is { } old && JsonNode.DeepEquals(WithoutOwners(obj), WithoutOwners(old)))
            return default;
        var (user, requestName, cancel) = (context.User, context.Operation == Operation.Create ? "" : context.Name, context.Request.Cancel);
        return context.Kind.Kind switch
        {
            "ClusterRole" => grants.ForClusterRole(user, requestName, Typed<ClusterRole>(obj), context.Old is { } before ? Typed<ClusterRole>(before) : null, cancel),
            "Role" => grants.ForRole(user, context.Namespace, requestName, Typed<Role>(obj), cancel),
            "ClusterRoleBinding" => grants.ForClusterRoleBinding(user, Typed<ClusterRoleBinding>(obj), cancel),
            "RoleBinding" => grants.ForRoleBinding(user, context.Namespace, Typed<RoleBinding>(obj), cancel),
            _ => default,
        };
    }

    private static JsonNode WithoutOwners(JsonObject obj)
    {
        var copy = (JsonObject)obj.DeepClone();
        if (copy["metadata"] is JsonObject metadata)
            foreach (var field in (ReadOnlySpan<string>)["ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation"])
                metadata.Remove(field);
        return copy;
    }

    private static T Typed<T>(JsonObject obj) where T : class, IApiType<T> => ApiJson.Parse<T>(System.Text.Encoding.UTF8.GetBytes(obj.ToJsonString()));
}
