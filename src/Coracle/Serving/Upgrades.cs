using Coracle.ApiServer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coracle.Serving;

/// <summary>Switches a connection from HTTP to the protocol that was negotiated and hands it over.</summary>
internal static class Upgrades
{
    public static async Task Run(HttpContext http, UpgradeBody upgrade, CancellationToken cancel)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } feature)
        {
            http.Response.Headers.Clear();
            await HttpAnswers.Send(http, ApiResponse.Of(ApiStatus.BadRequest("Upgrade request required")), Timeout.InfiniteTimeSpan, cancel);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status101SwitchingProtocols;
        await using var stream = await feature.UpgradeAsync();
        await upgrade.Run(stream, cancel);
    }
}
