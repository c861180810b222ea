using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// Policies read parameters for those who write them: so these have to be allowed to read them on their own (upstream: authz.go of the strategies of policies
/// and bindings; there is no admission plugin of this name).
/// </summary>
public sealed class ParameterAccess(Authorizer authorize) : AdmissionPlugin
{
    private const string Group = "admissionregistration.k8s.io";

    public override string Name => "PolicyParameters";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Kind.Group != Group || context.Object is not { } obj || context.Subresource.Length > 0 || context.User.IsIn(WellKnown.Masters)) return default;
        return context.Kind.Kind switch
        {
            "ValidatingAdmissionPolicy" or "MutatingAdmissionPolicy" when obj["spec"]?["paramKind"] is JsonObject kind && !JsonNode.DeepEquals(kind, context.Old?["spec"]?["paramKind"]) => OfKind(context, kind),
            "ValidatingAdmissionPolicyBinding" or "MutatingAdmissionPolicyBinding" when obj["spec"]?["paramRef"] is JsonObject reference => OfObject(context, obj, reference),
            _ => default,
        };
    }

    private async ValueTask<ApiStatus?> OfKind(AdmissionContext context, JsonObject kind)
    {
        var attributes = Read(context, kind, "get") with { Name = "*", Namespace = "*" };
        if ((await authorize(attributes, context.Request.Cancel)).IsAllowed) return null;
        return Refused(context, "paramKind", $"user {Shown(context.User)} must have \"get\" permission on all objects of the referenced paramKind (kind={Meta.Text(kind, "kind")}, apiVersion={Meta.Text(kind, "apiVersion")})");
    }

    private async ValueTask<ApiStatus?> OfObject(AdmissionContext context, JsonObject binding, JsonObject reference)
    {
        var mutates = context.Kind.Kind == "MutatingAdmissionPolicyBinding";
        var name = Meta.Text(reference, "name");
        var verb = mutates && name.Length == 0 ? "list" : "get";
        var attributes = Read(context, KindOf(context, binding, mutates), verb) with { Name = name, Namespace = Meta.Text(reference, "namespace") };
        if ((await authorize(attributes, context.Request.Cancel)).IsAllowed) return null;
        // Upstream has the two parts of one of its messages the wrong way round.
        var (who, what) = mutates ? (verb, Shown(context.User)) : (Shown(context.User), verb);
        return Refused(context, "paramRef", $"user {who} does not have \"{what}\" permission on the object referenced by paramRef");
    }

    private static JsonObject? KindOf(AdmissionContext context, JsonObject binding, bool mutates)
    {
        var policies = context.Server.Resources.Find(new GroupVersionKind(Group, "v1", mutates ? "MutatingAdmissionPolicy" : "ValidatingAdmissionPolicy"));
        return policies?.Cache.Get(Meta.Text((JsonObject)binding["spec"]!, "policyName"))?.ToTree()["spec"]?["paramKind"] as JsonObject;
    }

    // Everything has to be readable where it is not known what is read.
    private static RequestAttributes Read(AdmissionContext context, JsonObject? kind, string verb)
    {
        var all = new RequestAttributes { User = context.User, Verb = verb, ApiGroup = "*", ApiVersion = "*", Resource = "*" };
        if (kind is null || Meta.Text(kind, "apiVersion").Split('/') is not { Length: 1 or 2 } parts) return all;
        var (group, version) = parts is [var g, var v] ? (g, v) : ("", parts[0]);
        var plural = context.Server.Resources.Find(new GroupVersionKind(group, version, Meta.Text(kind, "kind")))?.Kind.Plural;
        return all with { ApiGroup = group, ApiVersion = version, Resource = plural ?? "*" };
    }

    private static ApiStatus Refused(AdmissionContext context, string field, string why)
    {
        var errors = new FieldErrors();
        errors.Forbidden(FieldPath.Of("spec") / field, why);
        return ApiStatus.Invalid(context.Kind, context.Name, errors.All);
    }

    // As Go prints the structure.
    private static string Shown(User user) =>
        $"&{{{user.Name} {user.Uid} [{string.Join(' ', user.Groups)}] map[{string.Join(' ', user.Extra.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}:[{string.Join(' ', e.Value)}]"))}]}}";
}
