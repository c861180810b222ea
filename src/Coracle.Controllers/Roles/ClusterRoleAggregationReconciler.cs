using Coracle.Kinds.Rbac.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Roles;

/// <summary>Keeps the rules of aggregated cluster roles as the roles are that their selectors pick (upstream: clusterrole-aggregation-controller).</summary>
public sealed class ClusterRoleAggregationReconciler : IReconciler
{
    public const string Name = "clusterrole-aggregation-controller";

    private readonly Client client;
    private readonly Informer<ClusterRole> roles;

    private ClusterRoleAggregationReconciler(Client client, Informer<ClusterRole> roles) => (this.client, this.roles) = (client, roles);

    public static Controller NewController(InformerSet informers)
    {
        var roles = informers.For<ClusterRole>();
        // Any role may belong to any aggregated one, by labels that it had or has.
        return new ControllerBuilder(Name, informers)
            .Watches(roles, _ => roles.List().Where(IsAggregated).Select(role => new Key(role.Metadata.Name)))
            .Build(new ClusterRoleAggregationReconciler(informers.Client.As(Name), roles));
    }

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (roles.Get(key) is not { } role || !IsAggregated(role)) return Result.Done;
        var rules = ClusterRoleAggregation.RulesFor(role, roles.List());
        if (rules.Count == (role.Rules?.Count ?? 0) && rules.Zip(role.Rules ?? []).All(pair => ClusterRoleAggregation.SameRule(pair.First, pair.Second))) return Result.Done;
        var wanted = role.DeepCopy();
        wanted.Rules = rules;
        var written = await client.TryUpdateAsync(wanted, cancel);
        return written.Ok || written.IsNotFound ? Result.Done : Result.Fail(new ApiException(written.Failure));
    }

    private static bool IsAggregated(ClusterRole role) => role.AggregationRule?.ClusterRoleSelectors is { Count: > 0 };
}
