using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Amounts of processors, memory and the rest, and claims of devices.
internal sealed partial class PodSpecValidation
{
    private void Resources(ResourceRequirements? resources, FieldPath path) => Requirements(resources, ResourceNames.Container, path);

    private void Requirements(ResourceRequirements? resources, Action<FieldErrors, FieldPath, string> name, FieldPath path)
    {
        if (resources is null) return;
        foreach (var (resource, amount) in resources.Limits ?? []) Amount(resource, amount, name, (path / "limits").Key(resource));
        foreach (var (resource, amount) in resources.Requests ?? [])
        {
            Amount(resource, amount, name, (path / "requests").Key(resource));
            WithinLimit(resources, resource, amount, path);
        }
        var named = (resources.Limits?.Keys ?? Enumerable.Empty<string>()).Concat(resources.Requests?.Keys ?? Enumerable.Empty<string>()).ToList();
        if (named.Exists(ResourceNames.IsHugePages) && !named.Exists(n => n is ResourceName.Cpu or ResourceName.Memory))
            errors.Forbidden(path, "HugePages require cpu or memory");
        ClaimNames(resources.Claims ?? [], path / "claims");
    }

    private void Amount(string resource, Quantity amount, Action<FieldErrors, FieldPath, string> name, FieldPath path)
    {
        name(errors, path, resource);
        ResourceNames.Amount(errors, path, resource, amount);
    }

    private void WithinLimit(ResourceRequirements resources, string resource, Quantity amount, FieldPath path)
    {
        if (resources.Limits is null || !resources.Limits.TryGetValue(resource, out var limit))
        {
            if (!ResourceNames.MayOvercommit(resource)) errors.Required(path / "limits", "Limit must be set for non overcommitable resources");
            return;
        }
        var compared = amount.CompareTo(limit);
        if (compared != 0 && !ResourceNames.MayOvercommit(resource))
            errors.Invalid(path / "requests", amount, $"must be equal to {resource} limit of {limit}");
        else if (compared > 0)
            errors.Invalid(path / "requests", amount, $"must be less than or equal to {resource} limit of {limit}");
    }

    private void ClaimNames(List<ResourceClaim> used, FieldPath path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < used.Count; i++)
        {
            var claim = used[i];
            if (claim.Name.Length == 0)
            {
                errors.Required(path[i]);
                continue;
            }
            var key = claim.Request.Length == 0 ? claim.Name : $"{claim.Name}/{claim.Request}";
            if (claim.Request.Length > 0) errors.Label(path[i] / "request", claim.Request);
            if (names.Contains(claim.Name) || !names.Add(key)) errors.Duplicate(path[i], key);
            if (claims.Contains(claim.Name)) continue;
            var known = claims.Count == 0 ? " which is empty" : ": " + string.Join(", ", claims.Order(StringComparer.Ordinal));
            errors.Add(new(FieldErrorType.NotFound, path[i].ToString(), FieldErrors.Show(claim.Name), "must be one of the names in pod.spec.resourceClaims" + known));
        }
    }

    private void ResourceClaims(FieldPath path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (spec.ResourceClaims?.Count ?? 0); i++)
        {
            var claim = spec.ResourceClaims![i];
            if (claim.Name.Length == 0) errors.Required(path[i] / "name");
            else if (!names.Add(claim.Name)) errors.Duplicate(path[i] / "name", claim.Name);
            else errors.Label(path[i] / "name", claim.Name);
            if (claim is { ResourceClaimName: not null, ResourceClaimTemplateName: not null })
                errors.Invalid(path[i], Checks.Shown(claim), "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            if (claim is { ResourceClaimName: null, ResourceClaimTemplateName: null })
                errors.Invalid(path[i], Checks.Shown(claim), "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            if (claim.ResourceClaimName is { } name) errors.Subdomain(path[i] / "resourceClaimName", name);
            if (claim.ResourceClaimTemplateName is { } template) errors.Subdomain(path[i] / "resourceClaimTemplateName", template);
        }
    }

    // What containers ask for together must fit into what the pod asks for; a single limit into the pod's limit.
    private void PodResources(FieldPath path)
    {
        if (spec.Resources is not { } resources) return;
        if (resources.Claims is not null) errors.Forbidden(path / "claims", "claims cannot be set for Resources at pod-level");
        Requirements(resources, ResourceNames.Pod, path);
        foreach (var (name, total) in PodRequests.OfContainers(spec))
        {
            var whole = resources.Requests?.GetValueOrDefault(name) ?? default;
            if (total.CompareTo(whole) > 0)
                errors.Invalid((path / "requests").Key(name), whole, $"must be greater than or equal to aggregate container requests of {total}");
        }
        for (var i = 0; i < (spec.Containers?.Count ?? 0); i++)
            foreach (var (name, limit) in spec.Containers![i].Resources.Limits ?? [])
                if (resources.Limits is { } limits && limits.TryGetValue(name, out var whole) && limit.CompareTo(whole) > 0)
                    errors.Invalid((path / "containers")[i].Key(name) / "limits", limit, $"must be less than or equal to pod limits of {whole}");
    }

    /// <summary>What a runtime uses besides the containers of a pod.</summary>
    internal static void Overhead(FieldErrors errors, Dictionary<string, Quantity>? amounts, FieldPath path) =>
        new PodSpecValidation(new PodSpec { Overhead = amounts }, isPod: false, errors).Overhead(path / "podFixed");

    private void Overhead(FieldPath path)
    {
        if (spec.Overhead is { } overhead) Requirements(new ResourceRequirements { Limits = overhead }, ResourceNames.Container, path);
    }
}
