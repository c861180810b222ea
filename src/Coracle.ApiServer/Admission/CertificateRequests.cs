using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// Who asks for a certificate is written down by the server, and so are the times of decisions about it (upstream: registry/certificates/certificates, the
/// strategies). After all plugins that change objects, as it is not theirs to say.
/// </summary>
public sealed class CertificateRequestors : AdmissionPlugin
{
    internal const string Group = "certificates.k8s.io";
    internal const string Kind = "CertificateSigningRequest";

    public override string Name => "CertificateRequestors";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Is(Group, Kind) && context.Object is { } request)
        {
            if (context.Operation == Operation.Create) Identify(request, context.User);
            else if (context.Subresource.Length > 0) Date(request, context.Old!, GoTime.Format(context.Server.Clock.GetUtcNow()));
        }
        return ValueTask.FromResult<ApiStatus?>(null);
    }

    private static void Identify(JsonObject request, User user)
    {
        if (request["spec"] is not JsonObject spec) request["spec"] = spec = [];
        spec["username"] = user.Name;
        spec["uid"] = user.Uid;
        spec["groups"] = Texts(user.Groups);
        spec.Remove("extra");
        if (user.Extra.Count > 0) spec["extra"] = new JsonObject(user.Extra.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Texts(e.Value))));
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    // A condition whose status is what it was has changed when it changed then.
    private static void Date(JsonObject request, JsonObject old, string now)
    {
        var before = Conditions(old);
        foreach (var condition in Conditions(request))
        {
            if (Meta.Text(condition, "lastUpdateTime").Length == 0) condition["lastUpdateTime"] = now;
            if (Meta.Text(condition, "lastTransitionTime").Length > 0) continue;
            var same = before.Find(c => Meta.Text(c, "type") == Meta.Text(condition, "type") && Meta.Text(c, "status") == Meta.Text(condition, "status"));
            condition["lastTransitionTime"] = same is not null && Meta.Text(same, "lastTransitionTime") is { Length: > 0 } then ? then : now;
        }
    }

    private static List<JsonObject> Conditions(JsonObject request) => [.. ((request["status"] as JsonObject)?["conditions"] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>The signer that a request names.</summary>
    internal static string SignerOf(JsonObject request) => Meta.Text(request["spec"] as JsonObject ?? [], "signerName");

    /// <summary>Whether the user may approve for, or sign as, a signer: this one, or all of its domain.</summary>
    internal static async ValueTask<bool> May(AdmissionContext context, string verb, string signer)
    {
        async ValueTask<bool> For(string name) => (await context.Server.Options.Authorize(new RequestAttributes
        {
            User = context.User, Verb = verb, ApiGroup = Group, ApiVersion = "*", Resource = "signers", Name = name,
        }, context.Request.Cancel)).IsAllowed;
        return await For(signer) || await For(signer.Split('/')[0] + "/*");
    }
}

/// <summary>Who decides about a request needs the signer's "approve" besides the right to write decisions (upstream: CertificateApproval).</summary>
public sealed class CertificateApproval : AdmissionPlugin
{
    public override string Name => "CertificateApproval";

    public override async ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Operation != Operation.Update || context.Subresource != "approval" || !context.Is(CertificateRequestors.Group, CertificateRequestors.Kind)) return null;
        // Of the request as it was, since its signer is not to change.
        var signer = CertificateRequestors.SignerOf(context.Old!);
        return await CertificateRequestors.May(context, "approve", signer)
            ? null
            : context.Forbidden($"user not permitted to approve requests with signerName {GoText.Quote(signer)}");
    }
}

/// <summary>Who writes a certificate, or that there will be none, needs the signer's "sign" (upstream: CertificateSigning).</summary>
public sealed class CertificateSigning : AdmissionPlugin
{
    public override string Name => "CertificateSigning";

    public override async ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Operation != Operation.Update || context.Subresource != "status" || !context.Is(CertificateRequestors.Group, CertificateRequestors.Kind)) return null;
        if (!Differs(context, "certificate") && !Differs(context, "conditions")) return null;
        var signer = CertificateRequestors.SignerOf(context.Old!);
        return await CertificateRequestors.May(context, "sign", signer)
            ? null
            : context.Forbidden($"user not permitted to sign requests with signerName {GoText.Quote(signer)}");
    }

    private static bool Differs(AdmissionContext context, string field) =>
        !JsonNode.DeepEquals((context.Object!["status"] as JsonObject)?[field], (context.Old!["status"] as JsonObject)?[field]);
}

/// <summary>Nobody becomes an administrator by a certificate for clients (upstream: CertificateSubjectRestriction).</summary>
public sealed class CertificateSubjectRestriction : AdmissionPlugin
{
    private const string ClientSigner = "kubernetes.io/kube-apiserver-client";

    public override string Name => "CertificateSubjectRestriction";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Operation != Operation.Create || context.Subresource.Length > 0 || !context.Is(CertificateRequestors.Group, CertificateRequestors.Kind)) return default;
        if (CertificateRequestors.SignerOf(context.Object!) != ClientSigner) return default;
        var request = Meta.Text(context.Object!["spec"] as JsonObject ?? [], "request");
        if (SigningRequestText.Subject(request) is not { } subject)
            return ValueTask.FromResult<ApiStatus?>(context.Forbidden("failed to parse CSR: PEM block type must be CERTIFICATE REQUEST"));
        return ValueTask.FromResult(subject.Organizations.Contains(WellKnown.Masters)
            ? context.Forbidden($"use of {ClientSigner} signer with {WellKnown.Masters} group is not allowed")
            : null);
    }
}
